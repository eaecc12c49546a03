-- Entries listed for the first time. Twice is once.
insert into entries (
  entry_id, feed_id, outlet_id, identity, identity_kind, url, url_key, title, title_key, summary, author,
  publisher_name, publisher_url, published_raw, published_at, published_on, date_source, language, language_source,
  first_listed_at, listed_day, is_backlog, state, reason, detail, stage, attempts, decided_at, rule_version
)
select r.* from (select unnest(from_json_strict($rows,
  '[{"entry_id":"BIGINT","feed_id":"VARCHAR","outlet_id":"VARCHAR","identity":"VARCHAR","identity_kind":"VARCHAR",
     "url":"VARCHAR","url_key":"VARCHAR","title":"VARCHAR","title_key":"BIGINT","summary":"VARCHAR",
     "author":"VARCHAR","publisher_name":"VARCHAR","publisher_url":"VARCHAR","published_raw":"VARCHAR",
     "published_at":"TIMESTAMPTZ","published_on":"DATE","date_source":"VARCHAR","language":"VARCHAR",
     "language_source":"VARCHAR","first_listed_at":"TIMESTAMPTZ","listed_day":"DATE","is_backlog":"BOOLEAN",
     "state":"VARCHAR","reason":"VARCHAR","detail":"VARCHAR","stage":"VARCHAR","attempts":"INTEGER",
     "decided_at":"TIMESTAMPTZ","rule_version":"VARCHAR"}]'), max_depth := 2)) as r
where not exists (select 1 from entries as e where e.entry_id = r.entry_id)
