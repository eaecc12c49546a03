-- For each feed and UTC day of first listing: how many entries were listed, and in which state each is now.
create or replace view conservation as
with polled as (
  select feed_id, (finished_at at time zone 'UTC')::date as listed_day, sum(new) as listed from polls where new > 0 group by all)
select feed_id, listed_day, coalesce(any_value(p.listed), 0)::bigint as listed,
  count(*) filter (e.state in ('listed', 'waiting')) as working,
  count(*) filter (e.state = 'kept') as kept,
  count(*) filter (e.state = 'duplicate') as duplicate,
  count(*) filter (e.state = 'off_topic') as off_topic,
  count(*) filter (e.state = 'rejected') as rejected,
  count(*) filter (e.state = 'gone') as gone,
  count(*) filter (e.state = 'given_up') as given_up,
  count(*) filter (e.state = 'forgotten') as forgotten
from polled as p full join entries as e using (feed_id, listed_day)
group by feed_id, listed_day;
comment on view conservation is 'One row: a feed and UTC day; listed equals the sum of the states, always';

-- Each outlet as described last, whether still watched or not: history must not vanish with an outlet.
create or replace view latest_outlets as
select * from outlets qualify row_number() over (partition by outlet_id order by valid_from desc) = 1;
comment on view latest_outlets is 'One row: an outlet as sources.yaml described it last';

-- Each outlet as it was described at a time.
create or replace macro outlets_at(t) as table
select * from outlets where valid_from <= t
qualify row_number() over (partition by outlet_id order by valid_from desc) = 1;

-- Kept articles with everything analysts ask for first: outlet, publisher, story and whether it is a copy.
create or replace view kept_articles as
select a.article_id, a.title, a.url, a.published_day, a.published_at, a.first_seen_at, a.language, o.outlet_id,
  o.name as outlet, o.publisher, o.tier, o.country, o.kind, a.words, a.is_partial, a.gone_at,
  a.section, a.tags, a.wire, a.correction, a.flags,
  c.original_id, c.article_id is not null as is_copy, c.rule as copy_rule, c.added_share, s.story_id, coalesce(l.line_id, s.story_id) as line_id
from articles as a
join latest_outlets as o on o.outlet_id = a.outlet_id
left join copies as c on c.article_id = a.article_id and c.known_to is null
left join story_articles as s on s.article_id = a.article_id and s.known_to is null
left join story_lines as l on l.story_id = s.story_id and l.known_to is null
where a.state = 'kept';
comment on view kept_articles is 'One row: an article on topic, with its outlet, story and whether it is a copy';

-- Kept articles by topic: one row an article and topic, so that nobody unnests by hand.
create or replace view topic_articles as
select m.topic, m.score, m.is_about, k.*
from mentions as m join kept_articles as k using (article_id)
where m.known_to is null;
comment on view topic_articles is 'One row: an article on topic and one of its topics';

-- The publish that readers had at a time: select as_of(now()).
create or replace macro as_of(t) as (select max(publish_id) from publishes where published_at <= t);
