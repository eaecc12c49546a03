-- Articles off topic copy nothing, and nothing that is kept copies them.
update copies set known_to = $now
where known_to is null and (article_id in (select unnest(from_json_strict($ids, '["BIGINT"]')))
  or original_id in (select unnest(from_json_strict($ids, '["BIGINT"]'))))
