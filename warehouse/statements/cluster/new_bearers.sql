-- New articles as copies are looked for: their first text, and what they say of whose it is.
select a.article_id, a.outlet_id, coalesce(t.title, '') as title, t.text, a.first_seen_at, a.published_day, a.original_url,
  e.publisher_name as source_name
from articles as a
join article_texts as t on t.article_id = a.article_id and t.revision = 1
left join entries as e on e.entry_id = a.entry_id
where a.article_id in (select unnest(from_json_strict($ids, '["BIGINT"]')))
order by a.article_id
