-- Entries on their way after a request.
merge into entries using (select unnest(from_json_strict($rows,
  '[{"entry_id":"BIGINT","state":"VARCHAR","reason":"VARCHAR","detail":"VARCHAR","stage":"VARCHAR",
     "attempts":"INTEGER","next_attempt_at":"TIMESTAMPTZ","decided_at":"TIMESTAMPTZ","fetch_id":"BIGINT"}]'),
  max_depth := 2)) as r
on entries.entry_id = r.entry_id
when matched then update set
  state = r.state, reason = r.reason, detail = r.detail, stage = r.stage, attempts = r.attempts,
  next_attempt_at = r.next_attempt_at, decided_at = r.decided_at, fetch_id = r.fetch_id
