-- When these articles were first seen.
select article_id, first_seen_at from articles
where article_id in (select unnest(from_json_strict($ids, '["BIGINT"]')))
