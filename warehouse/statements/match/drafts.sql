-- Articles to be matched, in the order in which they were listed.
select d.*, f.etag, f.last_modified, e.reason
from drafts as d
join entries as e using (entry_id)
left join fetches as f on f.fetch_id = d.fetch_id
order by e.first_listed_at, e.feed_id, e.entry_id
