-- Which countries' outlets carry the topic, and how much of what they publish is it?
-- One row: a country of outlets (not of readers, and not of the events told).
-- `share_of_topic`: its kept articles among all kept articles. It follows from which outlets are watched: a country
-- with more outlets in sources.yaml has a larger share for that reason alone.
-- `share_of_output`: kept articles among all articles read from its outlets. This one compares countries fairly.
-- Both count copies, because readers saw them; `originals` leaves them out, and `publishers` are those of originals.
select o.country, count(*) filter (a.state = 'kept') as articles,
  count(*) filter (a.state = 'kept' and c.article_id is null) as originals,
  count(distinct o.outlet_id) filter (a.state = 'kept') as outlets,
  count(distinct o.publisher) filter (a.state = 'kept' and c.article_id is null) as publishers,
  round(100.0 * count(*) filter (a.state = 'kept') / nullif(sum(count(*) filter (a.state = 'kept')) over (), 0), 1)
    as share_of_topic,
  round(100.0 * count(*) filter (a.state = 'kept') / count(*), 1) as share_of_output
from articles as a
join outlets as o on o.outlet_id = a.outlet_id and o.valid_to is null
left join copies as c on c.article_id = a.article_id and c.known_to is null
group by o.country
order by articles desc, o.country
