-- Outages that have ended.
merge into outages using (select unnest(from_json_strict($rows,
  '[{"feed_id":"VARCHAR","to_at":"TIMESTAMPTZ","known_to":"TIMESTAMPTZ"}]'), max_depth := 2)) as r
on outages.feed_id = r.feed_id and outages.known_to is null
when matched then update set to_at = r.to_at, known_to = r.known_to
