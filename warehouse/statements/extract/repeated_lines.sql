-- Lines that outlets repeated as of the start of UTC days.
with asked as (
  select unnest(from_json_strict($asked, '[{"outlet_id":"VARCHAR","day":"DATE"}]'), max_depth := 2))
select a.outlet_id, a.day, list(r.line order by r.line) as lines
from asked as a
join repeated_lines as r on r.outlet_id = a.outlet_id and r.known_from <= a.day
  and (r.known_to is null or r.known_to > a.day)
group by all
