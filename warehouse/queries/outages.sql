-- When did a feed tell us nothing although it should have?
-- One row: an outage. `failing`: two polls or more in a row could not be read. `silent`: polls succeed, but nothing new
-- came for at least a day and five times the feed's own rhythm. `empty`: a search service found nothing twice.
-- `stopped`: its address is gone (410). A fall in volume inside such a time is not news.
-- from_at is the last sign of life, so the gap may have begun later; NULL: the feed never worked. to_at NULL: it lasts,
-- and `hours` runs up to the last publish. `noticed_at` is when we knew: a digest told before then could not say so.
-- `kept_before` is how many kept articles this feed had brought until then: what may be missing is of that order.
select f.feed_id, o.name as outlet, x.kind, x.from_at, x.to_at, x.known_from as noticed_at,
  round(epoch(coalesce(x.to_at, (select max(published_at) from publishes)) - x.from_at) / 3600, 1) as hours, x.detail,
  (select count(*) from entries as e
   where e.feed_id = x.feed_id and e.state = 'kept' and (x.from_at is null or e.first_listed_at <= x.from_at))
    as kept_before
from outages as x
join feeds as f on f.feed_id = x.feed_id and f.valid_to is null
join outlets as o on o.outlet_id = f.outlet_id and o.valid_to is null
order by x.to_at is null desc, x.from_at desc nulls first, f.feed_id
