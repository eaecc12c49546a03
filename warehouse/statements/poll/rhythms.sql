-- How often each feed brought something new, over the 28 days before its last news.
select e.feed_id, count(distinct e.first_listed_at) as batches, min(e.first_listed_at) as first_at,
  max(e.first_listed_at) as last_at, count(*) filter (not e.is_backlog) as entries
from entries as e
join feed_states as s on s.feed_id = e.feed_id
where e.first_listed_at > s.last_new_at - interval 28 days
group by e.feed_id
