-- The first UTC day on which any of these articles was seen.
select min(seen_day) as day from copy_keys
where article_id in (select unnest(from_json_strict($ids, '["BIGINT"]')))
