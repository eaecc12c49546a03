-- Describe every feed that has no standing description.
insert into feeds
select c.*, $now, null
from (select unnest(from_json_strict($feeds,
  '[{"feed_id":"VARCHAR","outlet_id":"VARCHAR","url":"VARCHAR","kind":"VARCHAR","language":"VARCHAR",
     "poll_minutes":"INTEGER"}]'), max_depth := 2)) as c
where not exists (select 1 from feeds as f where f.feed_id = c.feed_id and f.valid_to is null)
