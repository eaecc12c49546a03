-- Entries whose page gave no article, and now gives one, or gives none for another reason.
merge into entries using (select unnest(from_json_strict($rows,
  '[{"entry_id":"BIGINT","state":"VARCHAR","reason":"VARCHAR","detail":"VARCHAR","stage":"VARCHAR",
     "decided_at":"TIMESTAMPTZ","rule_version":"VARCHAR"}]'), max_depth := 2)) as r
on entries.entry_id = r.entry_id and entries.state = 'rejected'
when matched then update set
  state = r.state, reason = r.reason, detail = r.detail, stage = r.stage, decided_at = r.decided_at,
  rule_version = r.rule_version
