-- Attempts, before any request leaves. The same attempt of a resumed run is one row.
insert into polls (poll_id, feed_id, outlet_id, url, started_at, is_conditional, is_watchdog, outcome)
select r.* from (select unnest(from_json_strict($rows,
  '[{"poll_id":"BIGINT","feed_id":"VARCHAR","outlet_id":"VARCHAR","url":"VARCHAR","started_at":"TIMESTAMPTZ",
     "is_conditional":"BOOLEAN","is_watchdog":"BOOLEAN","outcome":"VARCHAR"}]'), max_depth := 2)) as r
where not exists (select 1 from polls as p where p.poll_id = r.poll_id)
