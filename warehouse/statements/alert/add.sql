-- An alert, before its letter is written.
insert into alerts by name
select unnest(from_json_strict($rows,
  '[{"alert_id":"VARCHAR","rule":"VARCHAR","line_ids":["BIGINT"],"raised_at":"TIMESTAMPTZ",
     "content":"JSON"}]'), max_depth := 2)
