-- The pages that articles stand on: the first one, which gave its facts, and that of its newest words.
select distinct a.article_id, f.fetch_id, f.warc_file, f.warc_offset
from articles as a
left join entries as e on e.entry_id = a.entry_id
left join article_texts as t on t.article_id = a.article_id and t.revision = a.revision
join fetches as f on f.fetch_id = e.fetch_id or f.fetch_id = t.fetch_id
where a.article_id in (select unnest(from_json_strict($ids, '["BIGINT"]')))
  and a.is_partial is not true and f.warc_file is not null
order by all
