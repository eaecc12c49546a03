-- When the first of these articles was read.
select min(first_seen_at) as at from articles
where article_id in (select unnest(from_json_strict($ids, '["BIGINT"]')))
