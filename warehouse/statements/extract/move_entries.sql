-- Entries on their way after reading.
merge into entries using (select unnest(from_json_strict($rows,
  '[{"entry_id":"BIGINT","state":"VARCHAR","reason":"VARCHAR","detail":"VARCHAR","stage":"VARCHAR",
     "decided_at":"TIMESTAMPTZ","article_id":"BIGINT","rule_version":"VARCHAR"}]'), max_depth := 2)) as r
on entries.entry_id = r.entry_id
when matched then update set
  state = r.state, reason = r.reason, detail = coalesce(r.detail, entries.detail), stage = r.stage,
  decided_at = r.decided_at, article_id = r.article_id, rule_version = r.rule_version
