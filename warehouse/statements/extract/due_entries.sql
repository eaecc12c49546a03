-- Entries to be read, in the order in which identities are decided, with the place of their page.
select e.entry_id, e.feed_id, e.outlet_id, e.url, e.url_key, e.title, e.summary, e.author, e.published_raw,
  e.published_at, e.published_on, e.date_source, e.language, e.reason, e.first_listed_at,
  f.fetch_id, f.final_url, f.charset, f.warc_file, f.warc_offset, o.rights
from entries as e
left join latest_outlets as o using (outlet_id)
left join fetches as f on f.fetch_id = e.fetch_id
where e.state = 'listed' and e.stage = 'extract'
order by e.first_listed_at, e.feed_id, e.entry_id
