-- Pairs that one of these articles is in stand no more.
update copy_pairs set known_to = $now
where known_to is null and (one_id in (select unnest(from_json_strict($ids, '["BIGINT"]')))
  or other_id in (select unnest(from_json_strict($ids, '["BIGINT"]'))))
