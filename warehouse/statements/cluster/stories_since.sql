-- Stories with an article of these days, with all their articles, and the line they belong to.
with recent as (
  select distinct s.story_id from story_articles as s join articles as a using (article_id)
  where s.known_to is null and coalesce(a.published_day, a.first_seen_at::date) >= $since)
select st.story_id, st.language, st.created_at, l.line_id,
  min(coalesce(a.published_day, a.first_seen_at::date)) as first_day, list(a.article_id order by a.article_id) as ids,
  list_distinct(flatten(list((select list(m.topic) from mentions as m
    where m.article_id = a.article_id and m.known_to is null)))) as topics
from recent join stories as st using (story_id)
join story_articles as s on s.story_id = st.story_id and s.known_to is null
join articles as a on a.article_id = s.article_id
left join story_lines as l on l.story_id = st.story_id and l.known_to is null
group by all
order by st.created_at, st.story_id
