-- Entries whose page may be asked for now.
select entry_id, url, outlet_id, title, summary, attempts
from entries
where stage = 'fetch' and (state = 'listed' or (state = 'waiting' and next_attempt_at <= $now))
order by first_listed_at, feed_id, entry_id
