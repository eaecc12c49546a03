-- Kept articles by day, topic, language and country.
insert into topic_daily
select a.published_day, m.topic, a.language, o.country, count(*), count(distinct a.outlet_id),
  count(distinct o.publisher) filter (c.article_id is null), count(c.article_id)
from articles as a
join mentions as m on m.article_id = a.article_id and m.known_to is null
join latest_outlets as o on o.outlet_id = a.outlet_id
left join copies as c on c.article_id = a.article_id and c.known_to is null
where a.state = 'kept' and exists (
  select 1 from (select unnest(from_json_strict($days, '["DATE"]')) as day) as d
  where d.day is not distinct from a.published_day)
group by all
