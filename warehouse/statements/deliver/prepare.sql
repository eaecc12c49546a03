-- One row a letter and recipient, before any of it leaves; those already there stand.
insert into deliveries by name
select r.message_id, r.letter_id, r.recipient_key, r.recipient, 'prepared' as state, 0 as attempts,
  $now::timestamptz as prepared_at
from (select unnest(from_json_strict($rows,
  '[{"message_id":"VARCHAR","letter_id":"VARCHAR","recipient_key":"BIGINT","recipient":"VARCHAR"}]'), max_depth := 2)) as r
where not exists (
  select 1 from deliveries as d where d.letter_id = r.letter_id and d.recipient_key = r.recipient_key)
