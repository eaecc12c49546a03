-- What is remembered of the sitemaps that an index names.
merge into feed_parts using (select unnest(from_json_strict($rows,
  '[{"feed_id":"VARCHAR","url":"VARCHAR","modified_raw":"VARCHAR","etag":"VARCHAR","last_modified":"VARCHAR",
     "is_pending":"BOOLEAN","asked_at":"TIMESTAMPTZ"}]'), max_depth := 2)) as r
on feed_parts.feed_id = r.feed_id and feed_parts.url = r.url
when matched then update set
  modified_raw = r.modified_raw, etag = r.etag, last_modified = r.last_modified, is_pending = r.is_pending,
  asked_at = r.asked_at
when not matched then insert values (
  r.feed_id, r.url, r.modified_raw, r.etag, r.last_modified, r.is_pending, r.asked_at)
