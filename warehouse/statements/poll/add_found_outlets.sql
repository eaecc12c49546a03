-- Outlets that a search service found and sources.yaml does not describe. Twice is once.
insert into outlets
select r.outlet_id, r.name, r.publisher, 3, null, r.language, 'found', null, $now, null
from (select unnest(from_json_strict($rows,
  '[{"outlet_id":"VARCHAR","name":"VARCHAR","publisher":"VARCHAR","language":"VARCHAR"}]'), max_depth := 2)) as r
where not exists (select 1 from outlets as o where o.outlet_id = r.outlet_id)
qualify row_number() over (partition by r.outlet_id order by r.name) = 1
