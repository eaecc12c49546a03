-- Every configured feed: signs of life, its own rhythm, and the outage that stands.
select f.feed_id, s.last_success_at, s.last_new_at, s.failures, s.stopped_reason,
  count(e.entry_id) as entries, min(e.first_listed_at) as first_at,
  count(distinct e.first_listed_at) as batches,
  any_value(o.kind) as outage, any_value(o.from_at) as outage_from
from feeds as f
left join feed_states as s using (feed_id)
left join entries as e using (feed_id)
left join outages as o on o.feed_id = f.feed_id and o.known_to is null
where f.valid_to is null
group by f.feed_id, s.last_success_at, s.last_new_at, s.failures, s.stopped_reason
order by f.feed_id
