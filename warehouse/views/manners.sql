-- The politeness ledger: what each host saw of us on each UTC day, and whether we kept what it asked.
create or replace view politeness as
with seen as (
  select host, (requested_at at time zone 'UTC')::date as day, count(*) as requests,
    count(*) filter (purpose in ('poll', 'part')) as feeds,
    count(*) filter (purpose in ('page', 'revisit')) as pages,
    count(*) filter (purpose in ('robots', 'rights')) as rules,
    round(avg(is_conditional::integer) filter (purpose in ('poll', 'part')), 3) as conditional_share,
    round(avg((status = 304)::integer) filter (is_conditional and status is not null), 3) as unchanged_share,
    sum(bytes)::bigint as bytes, round(min(gap_seconds), 2) as smallest_gap_seconds,
    count(*) filter (status = 429) as throttled, count(*) filter (status is null) as unanswered,
    count(*) filter (exists (
      select 1 from host_pauses as p
      where p.host = requests.host and p.known_from < requests.requested_at and p.until_at > requests.requested_at))
      as pauses_broken
  from requests group by all),
asked as (
  select split_part(split_part(url, '/', 3), ':', 1) as host, (started_at at time zone 'UTC')::date as day,
    count(*) filter (is_watchdog) as watchdog,
    count(*) filter (started_at < max_retry_at) as retry_after_broken
  from (select feed_id, url, started_at, is_watchdog, outcome,
          max(retry_at) over (partition by feed_id, url order by started_at rows between unbounded preceding and 1 preceding)
            as max_retry_at from polls)
  where outcome <> 'paused' and feed_id not like 'warc:%' group by all),
fetched as (
  select host, (started_at at time zone 'UTC')::date as day,
    count(*) filter (reason in ('robots', 'robots_unavailable')) as robots_refused,
    count(*) filter (robots <> 'allowed' and status is not null) as robots_broken,
    count(*) filter (reason = 'tdm_reserved' and status is null) as rights_refused
  from fetches where host is not null group by all)
select host, day, coalesce(requests, 0)::bigint as requests, coalesce(feeds, 0)::bigint as feeds,
  coalesce(pages, 0)::bigint as pages, coalesce(rules, 0)::bigint as rules, conditional_share,
  coalesce(watchdog, 0)::bigint as watchdog, unchanged_share, bytes, smallest_gap_seconds,
  coalesce(throttled, 0)::bigint as throttled, coalesce(unanswered, 0)::bigint as unanswered,
  coalesce(pauses_broken, 0)::bigint as pauses_broken, coalesce(retry_after_broken, 0)::bigint as retry_after_broken,
  coalesce(robots_refused, 0)::bigint as robots_refused, coalesce(robots_broken, 0)::bigint as robots_broken,
  coalesce(rights_refused, 0)::bigint as rights_refused
from seen full join asked using (host, day) full join fetched using (host, day);
comment on view politeness is 'One row: a host and UTC day: what it saw of us, and the three columns *_broken, which must be 0';

-- Feeds whose address has moved for good. After seven days the new one is proposed; sources.yaml decides.
create or replace view feed_moves as
select f.feed_id, f.outlet_id, f.url, s.redirect_url, s.redirect_since,
  s.last_success_at - s.redirect_since >= interval 7 days as is_proposed
from feeds as f join feed_states as s on s.feed_id = f.feed_id and s.url = f.url
where f.valid_to is null and s.redirect_url is not null;
comment on view feed_moves is 'One row: a feed that a permanent redirect leads elsewhere; is_proposed: for seven days by now';

-- What search services found, by the outlet it is of: those that are often unresolved are outlets to add.
create or replace view discoveries as
select coalesce(e.publisher_name, e.outlet_id) as publisher, any_value(e.publisher_url) as site,
  any_value(e.outlet_id) as outlet_id, count(*) as findings,
  count(*) filter (e.reason = 'same_title' or e.reason = 'same_url') as known_from_own_feed,
  count(*) filter (e.state = 'kept') as kept, count(*) filter (e.reason = 'unresolved') as unresolved,
  max(e.first_listed_at) as last_found_at
from entries as e join (select distinct feed_id from feeds where kind = 'query') as q using (feed_id)
group by 1;
comment on view discoveries is 'One row: a publisher whose stories search services found, and how many our own feeds listed too';
