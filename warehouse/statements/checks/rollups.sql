-- Days whose roll-ups differ from the articles they are made of: must be empty.
with outlets_then as (
  select a.published_day, a.outlet_id, count(*) as articles, count(*) filter (a.state = 'kept') as kept,
    count(*) filter (a.state = 'off_topic') as off_topic, count(c.article_id) as copies
  from articles as a left join copies as c on c.article_id = a.article_id and c.known_to is null
  group by all),
topics_then as (
  select a.published_day, m.topic, a.language, o.country, count(*) as articles, count(c.article_id) as copies
  from articles as a
  join mentions as m on m.article_id = a.article_id and m.known_to is null
  join latest_outlets as o on o.outlet_id = a.outlet_id
  left join copies as c on c.article_id = a.article_id and c.known_to is null
  where a.state = 'kept'
  group by all)
select 'outlet_daily' as rollup, coalesce(b.published_day, r.published_day) as published_day,
  coalesce(b.outlet_id, r.outlet_id) as of_what, b.articles, r.articles as rolled_up
from outlets_then as b
full join outlet_daily as r on r.outlet_id = b.outlet_id and r.published_day is not distinct from b.published_day
where (b.articles, b.kept, b.off_topic, b.copies) is distinct from (r.articles, r.kept, r.off_topic, r.copies)
union all
select 'topic_daily', coalesce(b.published_day, r.published_day),
  concat_ws(' ', coalesce(b.topic, r.topic), coalesce(b.language, r.language), coalesce(b.country, r.country)),
  b.articles, r.articles
from topics_then as b
full join topic_daily as r on r.topic = b.topic and r.language is not distinct from b.language
  and r.country is not distinct from b.country and r.published_day is not distinct from b.published_day
where (b.articles, b.copies) is distinct from (r.articles, r.copies)
order by all
