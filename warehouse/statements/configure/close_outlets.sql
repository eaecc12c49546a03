-- Close the description of every outlet that sources.yaml no longer describes so. What a search service found stays.
update outlets set valid_to = $now
where valid_to is null and kind <> 'found' and not exists (
  select 1 from (select unnest(from_json_strict($outlets,
    '[{"outlet_id":"VARCHAR","name":"VARCHAR","publisher":"VARCHAR","tier":"UTINYINT","country":"VARCHAR",
       "language":"VARCHAR","kind":"VARCHAR","rights":"VARCHAR"}]'), max_depth := 2)) as c
  where c.outlet_id = outlets.outlet_id and c.name = outlets.name and c.publisher = outlets.publisher
    and c.tier = outlets.tier and c.country = outlets.country and c.language = outlets.language
    and c.kind = outlets.kind and c.rights is not distinct from outlets.rights
)
