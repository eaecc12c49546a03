-- Every feed as of a time: when it last answered, and what is wrong with it.
with answered as (
  select feed_id, max(finished_at) filter (outcome in ('new', 'unchanged')) as last_answer_at,
    max_by(coalesce(reason, outcome), started_at) as last_outcome
  from polls where finished_at <= $as_of group by feed_id),
out_then as (
  select feed_id, any_value(kind) as kind, any_value(detail) as detail from outages
  where known_from <= $as_of and (known_to is null or known_to > $as_of) group by feed_id)
select f.feed_id as feed, o.name as outlet, a.last_answer_at,
  case when x.kind is not null then x.kind
    when a.feed_id is null or a.last_answer_at is null then 'never'
    when a.last_answer_at < $late_before then 'late' end as trouble,
  coalesce(x.detail, case when a.last_answer_at is null or a.last_answer_at < $late_before
    then a.last_outcome end) as detail
from feeds as f
join outlets_at($as_of) as o on o.outlet_id = f.outlet_id
left join answered as a on a.feed_id = f.feed_id
left join out_then as x on x.feed_id = f.feed_id
where f.valid_from <= $as_of and (f.valid_to is null or f.valid_to > $as_of)
order by f.feed_id
