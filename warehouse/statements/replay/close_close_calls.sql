-- Close calls of articles that were decided anew, until now.
update close_calls set known_to = $now
where known_to is null and article_id in (select unnest(from_json_strict($ids, '["BIGINT"]')))
