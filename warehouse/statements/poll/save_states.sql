-- What is remembered of feeds, last in the transaction.
merge into feed_states using (select unnest(from_json_strict($rows,
  '[{"feed_id":"VARCHAR","url":"VARCHAR","etag":"VARCHAR","last_modified":"VARCHAR","last_attempt_at":"TIMESTAMPTZ",
     "last_success_at":"TIMESTAMPTZ","last_new_at":"TIMESTAMPTZ","next_poll_at":"TIMESTAMPTZ",
     "not_before":"TIMESTAMPTZ","failures":"INTEGER","back_off":"DOUBLE","allowed_age_seconds":"INTEGER",
     "poll_minutes":"DOUBLE","drift":"INTEGER","unchanged_polls":"INTEGER","empty_polls":"INTEGER",
     "unconditional_at":"TIMESTAMPTZ","was_cut":"BOOLEAN","validators_url":"VARCHAR","redirect_url":"VARCHAR","redirect_since":"TIMESTAMPTZ",
     "stopped_reason":"VARCHAR"}]'), max_depth := 2)) as r
on feed_states.feed_id = r.feed_id
when matched then update set
  url = r.url, etag = r.etag, last_modified = r.last_modified, last_attempt_at = r.last_attempt_at,
  last_success_at = r.last_success_at, last_new_at = r.last_new_at, next_poll_at = r.next_poll_at,
  not_before = r.not_before, failures = r.failures, back_off = r.back_off,
  allowed_age_seconds = r.allowed_age_seconds, poll_minutes = r.poll_minutes, drift = r.drift,
  unchanged_polls = r.unchanged_polls, empty_polls = r.empty_polls, unconditional_at = r.unconditional_at, was_cut = r.was_cut,
  validators_url = r.validators_url,
  redirect_url = r.redirect_url, redirect_since = r.redirect_since, stopped_reason = r.stopped_reason
when not matched then insert (
  feed_id, url, etag, last_modified, last_attempt_at, last_success_at, last_new_at, next_poll_at, not_before, failures,
  back_off, allowed_age_seconds, poll_minutes, drift, unchanged_polls, empty_polls, unconditional_at, was_cut, validators_url,
  redirect_url,
  redirect_since, stopped_reason)
values (
  r.feed_id, r.url, r.etag, r.last_modified, r.last_attempt_at, r.last_success_at, r.last_new_at, r.next_poll_at,
  r.not_before, r.failures, r.back_off, r.allowed_age_seconds, r.poll_minutes, r.drift, r.unchanged_polls,
  r.empty_polls, r.unconditional_at, r.was_cut,
  r.validators_url, r.redirect_url, r.redirect_since, r.stopped_reason)
