-- The entries of articles that were decided otherwise.
merge into entries using (select unnest(from_json_strict($rows,
  '[{"article_id":"BIGINT","state":"VARCHAR","reason":"VARCHAR","decided_at":"TIMESTAMPTZ",
     "rule_version":"VARCHAR"}]'), max_depth := 2)) as r
on entries.article_id = r.article_id and entries.state in ('kept', 'off_topic')
when matched then update set
  state = r.state, reason = r.reason, decided_at = r.decided_at, rule_version = r.rule_version
