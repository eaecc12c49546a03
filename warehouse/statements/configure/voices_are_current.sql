-- Whether the gazetteer is as the warehouse holds it: how many stand, and how many of these stand unchanged.
select
  (select count(*) from voices where valid_to is null) as voices,
  (select count(*)
   from (select unnest(from_json_strict($voices,
     '[{"name":"VARCHAR","kind":"VARCHAR","role":"VARCHAR","voice":"VARCHAR"}]'), max_depth := 2)) as c
   join voices as v on v.valid_to is null and c.name = v.name and c.kind = v.kind
     and c.role is not distinct from v.role and c.voice = v.voice) as same_voices
