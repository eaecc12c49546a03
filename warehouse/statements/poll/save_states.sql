-- What is remembered of feeds, last in the transaction.
merge into feed_states using (select unnest(from_json_strict($rows,
  '[{"feed_id":"VARCHAR","url":"VARCHAR","etag":"VARCHAR","last_modified":"VARCHAR","last_attempt_at":"TIMESTAMPTZ",
     "last_success_at":"TIMESTAMPTZ","last_new_at":"TIMESTAMPTZ","next_poll_at":"TIMESTAMPTZ","failures":"INTEGER",
     "redirect_url":"VARCHAR","redirect_since":"TIMESTAMPTZ","stopped_reason":"VARCHAR"}]'), max_depth := 2)) as r
on feed_states.feed_id = r.feed_id
when matched then update set
  url = r.url, etag = r.etag, last_modified = r.last_modified, last_attempt_at = r.last_attempt_at,
  last_success_at = r.last_success_at, last_new_at = r.last_new_at, next_poll_at = r.next_poll_at,
  failures = r.failures, redirect_url = r.redirect_url, redirect_since = r.redirect_since,
  stopped_reason = r.stopped_reason
when not matched then insert values (
  r.feed_id, r.url, r.etag, r.last_modified, r.last_attempt_at, r.last_success_at, r.last_new_at, r.next_poll_at,
  r.failures, r.redirect_url, r.redirect_since, r.stopped_reason)
