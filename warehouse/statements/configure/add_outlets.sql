-- Describe every outlet that has no standing description.
insert into outlets
select c.*, $now, null
from (select unnest(from_json_strict($outlets,
  '[{"outlet_id":"VARCHAR","name":"VARCHAR","publisher":"VARCHAR","tier":"UTINYINT","country":"VARCHAR",
     "language":"VARCHAR","kind":"VARCHAR","rights":"VARCHAR"}]'), max_depth := 2)) as c
where not exists (select 1 from outlets as o where o.outlet_id = c.outlet_id and o.valid_to is null)
