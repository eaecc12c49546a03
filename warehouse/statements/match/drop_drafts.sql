-- Drafts that have been matched.
delete from drafts where entry_id in (select unnest(from_json_strict($ids, '["BIGINT"]')))
