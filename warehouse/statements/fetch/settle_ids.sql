-- Entries of two feeds of one outlet with the same id are one, where the id is of the kind that nobody else gives: an
-- address, a tag, a urn or a uuid. The first listed is fetched, as with one URL identity; ids are not kept for ever.
update entries set
  state = 'duplicate', reason = 'same_id', detail = entries.identity, stage = null, decided_at = $now,
  rule_version = $version,
  article_id = (
    select min_by(o.article_id, o.first_listed_at) from entries as o
    where o.outlet_id = entries.outlet_id and o.identity = entries.identity and o.entry_id <> entries.entry_id
      and o.first_listed_at >= $since)
where state = 'listed' and stage = 'fetch' and attempts = 0 and identity_kind = 'id'
  and regexp_matches(identity, '^(id:)?(https?://[^/]+/.|tag:.|urn:.|[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$)', 'i')
  and exists (
    select 1 from entries as o
    where o.outlet_id = entries.outlet_id and o.identity = entries.identity and o.identity_kind = 'id'
      and o.entry_id <> entries.entry_id and o.feed_id <> entries.feed_id and o.first_listed_at >= $since
      and (o.first_listed_at, length(o.url), o.feed_id, o.entry_id)
        < (entries.first_listed_at, length(entries.url), entries.feed_id, entries.entry_id))
