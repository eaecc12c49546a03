-- Of each kept article the earliest page seen again and not yet compared, with the text it is compared with, and the
-- run that read the article first.
select f.fetch_id, f.article_id, f.url, f.final_url, f.charset, f.warc_file, f.warc_offset,
  a.outlet_id, a.language, a.published_day, a.revision, a.extractor, a.flags, a.content_hash, t.title, t.text,
  coalesce(
    (select max(o.read_at) from article_texts as x join fetches as o on o.fetch_id = x.fetch_id
     where x.article_id = a.article_id and x.revision = 1),
    a.first_seen_at) as first_read_at
from fetches as f
join articles as a using (article_id)
join article_texts as t on t.article_id = a.article_id and t.revision = a.revision
where f.purpose = 'revisit' and f.outcome = 'page' and f.read_at is null
qualify row_number() over (partition by f.article_id order by f.started_at, f.fetch_id) = 1
order by f.started_at, f.article_id
