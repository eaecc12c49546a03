-- New articles as copies are looked for: their first text, and what they say of whose it is. None was seen before
-- $since: older rows are not looked at, but for entries, which may have waited for their page.
select a.article_id, a.outlet_id, coalesce(t.title, '') as title, t.text, a.first_seen_at, a.published_day, a.original_url,
  e.publisher_name as source_name
from (select * from articles where first_seen_at >= $since
      and article_id in (select unnest(from_json_strict($ids, '["BIGINT"]')))) as a
join (select article_id, title, text from article_texts where revision = 1 and seen_at >= $since
      and article_id in (select unnest(from_json_strict($ids, '["BIGINT"]')))) as t on t.article_id = a.article_id
left join (select entry_id, publisher_name from entries
           where publisher_name is not null and first_listed_at >= $since - interval 90 days) as e
  on e.entry_id = a.entry_id
order by a.article_id
