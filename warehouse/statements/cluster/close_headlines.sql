-- Headlines of stories that have another one now, or no article any more.
update story_headlines set known_to = $now
where known_to is null and story_id in (select unnest(from_json_strict($ids, '["BIGINT"]')))
