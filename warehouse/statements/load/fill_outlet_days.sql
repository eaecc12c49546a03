-- All articles by day and outlet.
insert into outlet_daily
select a.published_day, a.outlet_id, count(*), count(*) filter (a.state = 'kept'),
  count(*) filter (a.state = 'off_topic'), count(c.article_id)
from articles as a
left join copies as c on c.article_id = a.article_id and c.known_to is null
where exists (
  select 1 from (select unnest(from_json_strict($days, '["DATE"]')) as day) as d
  where d.day is not distinct from a.published_day)
group by all
