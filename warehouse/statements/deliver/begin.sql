-- A letter is about to leave: from here on its outcome is not known until it is written down.
update deliveries set state = 'sending', attempts = attempts + 1, tried_at = $now, next_attempt_at = null,
  settled_at = null
where message_id = $message_id
