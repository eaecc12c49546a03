-- By day in the readers' time zone: feeds that answered, and feeds that were in an outage, as known at as_of.
with days as (
  select unnest(generate_series($since::date, $until::date, interval 1 day))::date as day),
answered as (
  select (finished_at at time zone $zone)::date as day, count(distinct feed_id) as feeds from polls
  where outcome in ('new', 'unchanged') and finished_at <= $as_of group by all),
gaps as (
  -- On the day on which its silence began a feed still told something, and so on the day on which it ended.
  select distinct feed_id, (from_at at time zone $zone)::date + 1 as first_day,
    case when known_to is null or known_to > $as_of then ($as_of at time zone $zone)::date
      else (to_at at time zone $zone)::date - 1 end as last_day
  from outages where known_from <= $as_of)
select d.day, coalesce(any_value(a.feeds), 0)::integer as feeds_answered,
  count(distinct g.feed_id)::integer as feeds_out
from days as d
left join answered as a using (day)
left join gaps as g on d.day between g.first_day and g.last_day
group by d.day
order by d.day
