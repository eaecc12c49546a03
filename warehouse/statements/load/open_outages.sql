-- Outages that begin.
insert into outages
select unnest(from_json_strict($rows,
  '[{"feed_id":"VARCHAR","from_at":"TIMESTAMPTZ","to_at":"TIMESTAMPTZ","kind":"VARCHAR","detail":"VARCHAR",
     "known_from":"TIMESTAMPTZ","known_to":"TIMESTAMPTZ"}]'), max_depth := 2)
