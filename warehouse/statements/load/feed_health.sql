-- Every configured feed: signs of life, its rhythm over the 28 days before its last news, and the outage that stands.
select f.feed_id, f.kind, s.last_success_at, s.last_new_at, s.failures, s.empty_polls, s.stopped_reason,
  count(distinct e.first_listed_at) as batches, min(e.first_listed_at) as first_at, max(e.first_listed_at) as last_at,
  any_value(o.kind) as outage, any_value(o.from_at) as outage_from
from feeds as f
left join feed_states as s using (feed_id)
left join entries as e on e.feed_id = f.feed_id and e.first_listed_at > s.last_new_at - interval 28 days
left join outages as o on o.feed_id = f.feed_id and o.known_to is null
where f.valid_to is null
group by f.feed_id, f.kind, s.last_success_at, s.last_new_at, s.failures, s.empty_polls, s.stopped_reason
order by f.feed_id
