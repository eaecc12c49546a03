-- Topics of articles that were decided otherwise, until now.
update mentions set known_to = $now
where known_to is null and article_id in (select unnest(from_json_strict($ids, '["BIGINT"]')))
