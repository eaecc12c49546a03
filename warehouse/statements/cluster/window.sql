-- Kept articles of one language and of these days, with their place in a story, the story's first day and its size.
-- `is_open`: placed today, in a story that no person has judged and no digest has told of: it may be decided again.
-- No place of an article of these days was decided long before them: so history is not read.
with places as (
  select story_id, article_id, known_from, reason from story_articles
  where known_to is null and known_from >= $since::timestamptz - interval 14 days),
sized as (
  select p.story_id, min(coalesce(a.published_day, a.first_seen_at::date)) as first_day, count(*) as articles,
    bool_or(p.reason = 'judged') as is_judged
  from places as p join articles as a using (article_id)
  group by p.story_id)
select a.article_id, coalesce(a.published_day, a.first_seen_at::date) as day, p.story_id, z.first_day, z.articles,
  coalesce(p.known_from >= $today and not z.is_judged
    and not exists (select 1 from digest_items as d where d.story_id = p.story_id), false) as is_open
from articles as a
left join places as p on p.article_id = a.article_id
left join sized as z on z.story_id = p.story_id
where a.state = 'kept' and a.language is not distinct from $language
  and coalesce(a.published_day, a.first_seen_at::date) between $since and $until
order by a.article_id
