-- Pages that have been read.
update fetches set read_at = $now
where fetch_id in (select unnest(from_json_strict($ids, '["BIGINT"]')))
