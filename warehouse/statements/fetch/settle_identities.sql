-- Entries of one URL identity are one: the first listed is fetched, of those listed together the plainest address.
-- Whatever was decided for the first holds for the others.
update entries set
  state = 'duplicate', reason = 'same_url', detail = entries.url_key, stage = null, decided_at = $now, rule_version = $version,
  article_id = (select any_value(k.article_id) from article_keys as k where k.url_key = entries.url_key)
where state = 'listed' and stage = 'fetch' and attempts = 0 and (
  exists (select 1 from article_keys as k where k.url_key = entries.url_key)
  or exists (
    select 1 from entries as o
    where o.url_key = entries.url_key and o.entry_id <> entries.entry_id
      and (o.first_listed_at, length(o.url), o.feed_id, o.entry_id)
        < (entries.first_listed_at, length(entries.url), entries.feed_id, entries.entry_id)))
