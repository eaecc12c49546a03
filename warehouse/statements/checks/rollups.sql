-- Days whose roll-ups differ from the articles: must be empty.
with base as (
  select published_day, outlet_id, count(*) as articles, count(*) filter (state = 'kept') as kept
  from articles group by all)
select coalesce(b.published_day, r.published_day) as published_day, coalesce(b.outlet_id, r.outlet_id) as outlet_id,
  b.articles as articles, r.articles as rolled_up
from base as b
full join outlet_daily as r on r.outlet_id = b.outlet_id and r.published_day is not distinct from b.published_day
where b.articles is distinct from r.articles or b.kept is distinct from r.kept
order by all
