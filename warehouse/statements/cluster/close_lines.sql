-- Places of stories in lines that are decided anew.
update story_lines set known_to = $now
where known_to is null and story_id in (select unnest(from_json_strict($ids, '["BIGINT"]')))
