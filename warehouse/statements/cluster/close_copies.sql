-- Articles that are copies no more, or of another original.
update copies set known_to = $now
where known_to is null and article_id in (select unnest(from_json_strict($ids, '["BIGINT"]')))
