-- Pages that were asked for in (known_after, as_of] and had not been read by then, by outlet and last reason.
with asked as (
  select e.outlet_id, f.entry_id, max_by(f.reason, f.started_at) as reason,
    bool_or(f.outcome in ('page', 'unchanged')) as is_read
  from fetches as f
  join entries as e on e.entry_id = f.entry_id
  where f.purpose = 'first' and f.started_at <= $as_of and ($known_after is null or f.started_at > $known_after)
  group by all)
select o.name as outlet, a.reason, count(*)::integer as pages
from asked as a
join outlets_at($as_of) as o on o.outlet_id = a.outlet_id
where not a.is_read and a.reason is not null
group by all
order by pages desc, outlet, reason
