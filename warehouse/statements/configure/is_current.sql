-- Whether sources.yaml says what the warehouse holds: a run that changes nothing writes nothing.
select
  (select count(*) from outlets where valid_to is null and kind <> 'found') as outlets,
  (select count(*) from feeds where valid_to is null) as feeds,
  (select count(*)
   from (select unnest(from_json_strict($outlets,
     '[{"outlet_id":"VARCHAR","name":"VARCHAR","publisher":"VARCHAR","tier":"UTINYINT","country":"VARCHAR",
        "language":"VARCHAR","kind":"VARCHAR","rights":"VARCHAR"}]'), max_depth := 2)) as c
   join outlets as o on o.valid_to is null and c.outlet_id = o.outlet_id and c.name = o.name
     and c.publisher = o.publisher and c.tier = o.tier and c.country = o.country and c.language = o.language
     and c.kind = o.kind and c.rights is not distinct from o.rights) as same_outlets,
  (select count(*)
   from (select unnest(from_json_strict($feeds,
     '[{"feed_id":"VARCHAR","outlet_id":"VARCHAR","url":"VARCHAR","kind":"VARCHAR","language":"VARCHAR",
        "poll_minutes":"INTEGER"}]'), max_depth := 2)) as c
   join feeds as f on f.valid_to is null and c.feed_id = f.feed_id and c.outlet_id = f.outlet_id and c.url = f.url
     and c.kind = f.kind and c.language = f.language and c.poll_minutes = f.poll_minutes) as same_feeds
