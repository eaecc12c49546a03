-- Every configured feed with its last poll that was answered, or was not, and the newest date among its entries.
select f.feed_id, f.url, f.kind, p.started_at as asked_at, p.status, p.outcome, p.reason, p.detail,
  s.redirect_url, s.redirect_since, s.stopped_reason, coalesce(s.empty_polls, 0) as empty_polls,
  coalesce(e.entries, 0) as entries, e.newest_at
from feeds as f
left join feed_states as s on s.feed_id = f.feed_id and s.url = f.url
left join (
  select * from polls where outcome in ('new', 'unchanged', 'failed')
  qualify row_number() over (partition by feed_id, url order by started_at desc) = 1) as p
  on p.feed_id = f.feed_id and p.url = f.url
left join (
  select feed_id, count(*) as entries, max(coalesce(published_at, published_on::timestamptz)) as newest_at
  from entries group by feed_id) as e on e.feed_id = f.feed_id
where f.valid_to is null
order by f.feed_id
