-- Close the description of every person or body that sources.yaml no longer describes so.
update voices set valid_to = $now
where valid_to is null and not exists (
  select 1 from (select unnest(from_json_strict($voices,
    '[{"name":"VARCHAR","kind":"VARCHAR","role":"VARCHAR","voice":"VARCHAR"}]'), max_depth := 2)) as c
  where c.name = voices.name and c.kind = voices.kind and c.role is not distinct from voices.role
    and c.voice = voices.voice
)
