-- Entries whose page may be asked for now; what a new feed listed from before we watched it comes last.
select e.entry_id, e.url, e.outlet_id, e.title, e.summary, e.attempts, o.rights
from entries as e
left join latest_outlets as o using (outlet_id)
where e.stage = 'fetch' and (e.state = 'listed' or (e.state = 'waiting' and e.next_attempt_at <= $now))
order by e.is_backlog, e.first_listed_at, e.feed_id, e.entry_id
