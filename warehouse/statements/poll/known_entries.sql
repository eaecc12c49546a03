-- Which of these entries have been listed before.
select e.entry_id from entries as e
join (select unnest(from_json_strict($ids, '["BIGINT"]')) as entry_id) as asked using (entry_id)
