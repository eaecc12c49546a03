-- How polite were we to each host?
-- One row: a host over the last 28 days of the ledger. `broken` counts requests inside a pause that the host had asked
-- for, polls before a Retry-After had passed, and pages that robots.txt forbids: it must be 0. `conditional_share` is
-- of feed requests; the first of each feed cannot be conditional, and `watchdog` ones are meant not to be.
-- `unchanged_share` is of conditional requests. `smallest_gap_seconds` is inside one process; NULL: never two in one.
select host, count(*) as days, sum(requests)::bigint as requests, sum(feeds)::bigint as feeds,
  sum(pages)::bigint as pages, round(sum(conditional_share * feeds) / nullif(sum(feeds), 0), 3) as conditional_share,
  sum(watchdog)::bigint as watchdog, round(avg(unchanged_share), 3) as unchanged_share,
  coalesce(sum(bytes), 0)::bigint as bytes, min(smallest_gap_seconds) as smallest_gap_seconds,
  sum(throttled)::bigint as throttled,
  sum(pauses_broken + retry_after_broken + robots_broken)::bigint as broken,
  sum(robots_refused)::bigint as robots_refused, sum(rights_refused)::bigint as rights_refused
from politeness where day > (select max(day) from politeness) - 28
group by host order by broken desc, requests desc, host
