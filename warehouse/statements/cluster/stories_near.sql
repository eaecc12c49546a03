-- Stories with an article of these days, with all their articles, and the line they belong to.
-- `is_open`: opened today, and neither a digest has told of it nor another story stands in the line it opened.
with places as (
  select story_id, article_id from story_articles
  where known_to is null and known_from >= $since::timestamptz - interval 14 days),
near as (
  select distinct p.story_id from places as p join articles as a using (article_id)
  where coalesce(a.published_day, a.first_seen_at::date) between $since and $until),
lines as (select line_id, story_id from story_lines where known_to is null)
select st.story_id, st.language, l.line_id, min(coalesce(a.published_at, a.first_seen_at)) as first_at,
  min(coalesce(a.published_day, a.first_seen_at::date)) as first_day, list(a.article_id order by a.article_id) as ids,
  list_distinct(flatten(list((select list(m.topic) from mentions as m
    where m.article_id = a.article_id and m.known_to is null)))) as topics,
  st.created_at >= $today
    and not exists (select 1 from digest_items as d where d.story_id = st.story_id)
    and not exists (select 1 from lines as o where o.line_id = st.story_id and o.story_id <> st.story_id) as is_open
from near join stories as st using (story_id)
join places as p on p.story_id = st.story_id
join articles as a on a.article_id = p.article_id
left join lines as l on l.story_id = st.story_id
group by all
order by first_day, first_at, st.story_id
