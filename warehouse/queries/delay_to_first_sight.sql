-- How long after publication did we first read an article of each outlet?
-- One row: an outlet. Minutes from the declared instant to the pass that read it, over kept articles; half of them were
-- seen within `median_minutes`, nine in ten within `p90_minutes`.
-- Left out, and counted: articles with no declared instant (`undated`), since a delay from an unknown time is invented,
-- and those a feed already listed at its first poll (`backlog`), since we were not watching then. An instant that
-- lies after our own reading (`ahead`) is an outlet's mistake or a corrected date and is left out too.
select k.outlet,
  count(*) filter (k.published_at <= k.first_seen_at and not e.is_backlog) as measured,
  round(median(epoch(k.first_seen_at - k.published_at) / 60)
    filter (k.published_at <= k.first_seen_at and not e.is_backlog)) as median_minutes,
  round(quantile_cont(epoch(k.first_seen_at - k.published_at) / 60, 0.9)
    filter (k.published_at <= k.first_seen_at and not e.is_backlog)) as p90_minutes,
  count(*) filter (k.published_at is null) as undated,
  count(*) filter (k.published_at is not null and e.is_backlog) as backlog,
  count(*) filter (k.published_at > k.first_seen_at and not e.is_backlog) as ahead
from kept_articles as k
join articles as a using (article_id)
join entries as e on e.entry_id = a.entry_id
group by k.outlet
order by median_minutes desc nulls last, k.outlet
