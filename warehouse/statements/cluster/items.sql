-- What duplicates and stories need of these articles.
select a.article_id, a.outlet_id, o.publisher, a.language, coalesce(t.title, '') as title, t.text, a.published_at,
  a.published_day, a.first_seen_at, o.kind as outlet_kind
from articles as a
join article_texts as t on t.article_id = a.article_id and t.revision = 1
join latest_outlets as o on o.outlet_id = a.outlet_id
where a.article_id in (select unnest(from_json_strict($ids, '["BIGINT"]')))
order by a.article_id
