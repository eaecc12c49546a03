-- A letter's deliveries.
select message_id, letter_id, recipient_key, recipient, state, attempts, prepared_at, next_attempt_at, detail
from deliveries where letter_id = $letter_id order by message_id
