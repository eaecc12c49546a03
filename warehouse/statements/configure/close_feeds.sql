-- Close the description of every feed that sources.yaml no longer describes so.
update feeds set valid_to = $now
where valid_to is null and not exists (
  select 1 from (select unnest(from_json_strict($feeds,
    '[{"feed_id":"VARCHAR","outlet_id":"VARCHAR","url":"VARCHAR","kind":"VARCHAR","language":"VARCHAR",
       "poll_minutes":"INTEGER"}]'), max_depth := 2)) as c
  where c.feed_id = feeds.feed_id and c.outlet_id = feeds.outlet_id and c.url = feeds.url and c.kind = feeds.kind
    and c.language = feeds.language and c.poll_minutes = feeds.poll_minutes
)
