-- Attempts of an interrupted run that have no outcome.
select poll_id, feed_id, started_at from polls where outcome = 'started'
