-- How much was published on each topic, day by day?
-- One row: a topic and a day. `articles` counts every kept article, `originals` leaves copies out; `outlets` are
-- distinct ones; `publishers` are independent: those with a text that copies no other. Quote them for its spread.
-- A day on which nothing was found is a row with 0. Look at `outlets_out` before you call it quiet: that many outlets
-- had a feed that failed or was silent at some time of that day (UTC), so a 0 beside it is a gap.
-- published_day NULL: articles whose date nobody declared. They belong to no day; never add them to one.
with days as (
  select unnest(generate_series(min(published_day), max(published_day), interval 1 day))::date as day
  from kept_articles),
counted as (
  select published_day as day, topic, count(*) as articles, count(*) filter (not is_copy) as originals,
    count(distinct outlet_id) as outlets, count(distinct publisher) filter (not is_copy) as publishers
  from topic_articles group by all),
wanted as (
  select d.day, t.topic from days as d cross join (select distinct topic from counted) as t
  union all select day, topic from counted where day is null),
gaps as (
  select d.day, count(distinct f.outlet_id) as outlets_out
  from days as d
  join outages as o on coalesce(o.from_at, '-infinity') < (d.day + 1)::timestamp at time zone 'UTC'
    and coalesce(o.to_at, 'infinity') > d.day::timestamp at time zone 'UTC'
  join feeds as f on f.feed_id = o.feed_id and f.valid_to is null
  group by d.day)
select w.day as published_day, w.topic, coalesce(c.articles, 0) as articles, coalesce(c.originals, 0) as originals,
  coalesce(c.outlets, 0) as outlets, coalesce(c.publishers, 0) as publishers,
  coalesce(g.outlets_out, 0) as outlets_out
from wanted as w
left join counted as c on c.topic = w.topic and c.day is not distinct from w.day
left join gaps as g on g.day = w.day
order by w.day nulls last, w.topic
