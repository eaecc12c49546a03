-- Findings of search services whose article has arrived by now under the outlet's own entry.
update entries set article_id = (
  select min_by(o.article_id, o.first_listed_at) from entries as o
  where o.title_key = entries.title_key and o.outlet_id = entries.outlet_id and o.article_id is not null
    and o.entry_id <> entries.entry_id)
where state = 'duplicate' and reason = 'same_title' and article_id is null
