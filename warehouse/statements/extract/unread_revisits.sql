-- Pages of kept articles seen again and not yet compared, with the text they are compared with.
select f.fetch_id, f.article_id, f.url, f.final_url, f.charset, f.warc_file, f.warc_offset,
  a.outlet_id, a.language, a.published_day, a.revision, t.title, t.text, t.content_hash
from fetches as f
join articles as a using (article_id)
join article_texts as t on t.article_id = a.article_id and t.revision = a.revision
where f.purpose = 'revisit' and f.outcome = 'page' and f.read_at is null
order by f.started_at, f.article_id
