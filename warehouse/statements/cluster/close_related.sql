-- What stories may be related to, to be decided anew.
update related_stories set known_to = $now
where known_to is null and story_id in (select unnest(from_json_strict($ids, '["BIGINT"]')))
