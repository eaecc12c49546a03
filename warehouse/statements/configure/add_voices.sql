-- Describe every person or body that has no standing description.
insert into voices
select c.*, $now, null
from (select unnest(from_json_strict($voices,
  '[{"name":"VARCHAR","kind":"VARCHAR","role":"VARCHAR","voice":"VARCHAR"}]'), max_depth := 2)) as c
where not exists (select 1 from voices as v where v.name = c.name and v.valid_to is null)
