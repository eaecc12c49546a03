-- Pages of somebody's file, as entries that have their page already. Twice is once.
insert into entries (
  entry_id, feed_id, outlet_id, identity, identity_kind, url, url_key, language, language_source, first_listed_at,
  listed_day, is_backlog, state, reason, stage, attempts, decided_at, rule_version, article_id, fetch_id
)
select r.* from (select unnest(from_json_strict($rows,
  '[{"entry_id":"BIGINT","feed_id":"VARCHAR","outlet_id":"VARCHAR","identity":"VARCHAR","identity_kind":"VARCHAR",
     "url":"VARCHAR","url_key":"VARCHAR","language":"VARCHAR","language_source":"VARCHAR",
     "first_listed_at":"TIMESTAMPTZ","listed_day":"DATE","is_backlog":"BOOLEAN","state":"VARCHAR","reason":"VARCHAR",
     "stage":"VARCHAR","attempts":"INTEGER","decided_at":"TIMESTAMPTZ","rule_version":"VARCHAR",
     "article_id":"BIGINT","fetch_id":"BIGINT"}]'), max_depth := 2)) as r
where not exists (select 1 from entries as e where e.entry_id = r.entry_id)
