-- A search service's finding is the story that the outlet's own feed lists under the same title within a week.
update entries set
  state = 'duplicate', reason = 'same_title', stage = null, decided_at = $now, rule_version = $version,
  article_id = (
    select min_by(o.article_id, o.first_listed_at) from entries as o
    where o.title_key = entries.title_key and o.outlet_id = entries.outlet_id and o.url_key is not null
      and abs(date_diff('hour', o.first_listed_at, entries.first_listed_at)) <= 168)
where stage = 'resolve' and exists (
  select 1 from entries as o
  where o.title_key = entries.title_key and o.outlet_id = entries.outlet_id and o.url_key is not null
    and abs(date_diff('hour', o.first_listed_at, entries.first_listed_at)) <= 168)
