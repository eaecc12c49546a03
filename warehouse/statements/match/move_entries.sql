-- Entries that have arrived.
merge into entries using (select unnest(from_json_strict($rows,
  '[{"entry_id":"BIGINT","state":"VARCHAR","reason":"VARCHAR","decided_at":"TIMESTAMPTZ",
     "rule_version":"VARCHAR"}]'), max_depth := 2)) as r
on entries.entry_id = r.entry_id
when matched then update set
  state = r.state, reason = r.reason, stage = null, decided_at = r.decided_at, rule_version = r.rule_version
