-- What decides which of these articles is the original, and whether their titles are one; without texts.
-- $since is the first UTC day on which any of them was seen: older rows are not looked at.
with asked as (select unnest(from_json_strict($ids, '["BIGINT"]')) as article_id)
select a.article_id, a.outlet_id, o.publisher, a.language, coalesce(t.title, '') as title, '' as text, a.published_at,
  a.published_day, a.first_seen_at, o.kind as outlet_kind, o.name as outlet_name, t.is_partial, a.wire,
  k.source_name, y.article_id as named_id
from asked
join (select * from articles where first_seen_at >= $since::date
      and article_id in (select article_id from asked)) as a on a.article_id = asked.article_id
join (select article_id, title, is_partial from article_texts where revision = 1 and seen_at >= $since::date
      and article_id in (select article_id from asked)) as t on t.article_id = a.article_id
join latest_outlets as o on o.outlet_id = a.outlet_id
left join copy_keys as k on k.article_id = a.article_id and k.seen_day >= $since
left join article_keys as y on y.url_key = k.original_key and y.added_at >= $since::date - interval 30 days
order by a.article_id
