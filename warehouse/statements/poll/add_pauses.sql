-- A host asked for a pause.
insert into host_pauses
select unnest(from_json_strict($rows, '[{"host":"VARCHAR","until_at":"TIMESTAMPTZ","reason":"VARCHAR"}]'), max_depth := 2)
