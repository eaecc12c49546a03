-- Digests that somebody has not been sent yet and that are due again, with their content.
select digest_id, edition, content, composer from digests
where digest_id in (
  select letter_id from deliveries
  where state = 'sending' or (state in ('prepared', 'waiting') and (next_attempt_at is null or next_attempt_at <= $now)))
order by digest_id
