-- Places that are decided anew.
update story_articles set known_to = $now
where known_to is null and article_id in (select unnest(from_json_strict($ids, '["BIGINT"]')))
