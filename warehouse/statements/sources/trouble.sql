-- Feeds of which something is to be done by people: standing outages by kind, and moves that have stood for a week.
select kind, count(*) as feeds, string_agg(feed_id, ', ' order by feed_id) as named from (
  select o.kind, o.feed_id from outages as o join feeds as f on f.feed_id = o.feed_id and f.valid_to is null
  where o.known_to is null
  union all select 'moved', feed_id from feed_moves where is_proposed)
group by kind order by kind
