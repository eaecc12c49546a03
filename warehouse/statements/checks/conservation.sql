-- Feeds and days on which the entries do not add up to what the polls listed anew, or an entry stands in no
-- valid state: must be empty.
with polled as (
  select feed_id, (finished_at at time zone 'UTC')::date as listed_day, sum(new) as listed
  from polls where new > 0 group by all),
stood as (
  select feed_id, listed_day, count(*) as entries,
    count(*) filter (state not in ('listed', 'waiting', 'kept', 'duplicate', 'off_topic', 'rejected', 'gone',
      'given_up', 'forgotten')
      or (state in ('duplicate', 'off_topic', 'rejected', 'gone', 'given_up', 'forgotten') and reason is null)
      or (state in ('listed', 'waiting')) <> (stage is not null)
      or (state = 'waiting' and next_attempt_at is null)) as invalid
  from entries group by all)
select feed_id, listed_day, coalesce(listed, 0) as listed, coalesce(entries, 0) as entries, coalesce(invalid, 0) as invalid
from polled full join stood using (feed_id, listed_day)
where listed is distinct from entries or invalid > 0
order by feed_id, listed_day
