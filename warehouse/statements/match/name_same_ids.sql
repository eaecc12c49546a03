-- Entries that another feed of the outlet lists under the same id, whose article has arrived by now.
update entries set article_id = (
  select min_by(o.article_id, o.first_listed_at) from entries as o
  where o.outlet_id = entries.outlet_id and o.identity = entries.identity and o.article_id is not null)
where state = 'duplicate' and reason = 'same_id' and article_id is null
