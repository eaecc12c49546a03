-- A host asked for a pause.
insert into host_pauses (host, until_at, reason, known_from)
select unnest(from_json_strict($rows,
  '[{"host":"VARCHAR","until_at":"TIMESTAMPTZ","reason":"VARCHAR","known_from":"TIMESTAMPTZ"}]'), max_depth := 2)
