-- What became of an attempt.
update deliveries set state = $state, detail = $detail, tried_at = $now, attempts = $attempts,
  next_attempt_at = $next_attempt_at, settled_at = case when $state <> 'waiting' then $now end
where message_id = $message_id
