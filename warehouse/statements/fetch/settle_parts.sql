-- Entries that name parts of one running page ("…/ticker#entry-12") are read with the page, which is fetched once: the
-- first listed is, of those listed together the plainest address. Hash routes ("#/article/1") are pages of their own.
with pages as (
  select entry_id, url_key, regexp_replace(url_key, '#[^!/].*$', '') as page_key, first_listed_at, url, feed_id
  from entries where url_key like '%#%'
  union all
  select entry_id, url_key, url_key, first_listed_at, url, feed_id from entries
  where url_key in (select regexp_replace(url_key, '#[^!/].*$', '') from entries where state = 'listed' and stage = 'fetch' and url_key like '%#%'))
update entries set
  state = 'duplicate', reason = 'same_url', detail = regexp_replace(url_key, '#[^!/].*$', ''), stage = null,
  decided_at = $now, rule_version = $version,
  article_id = (select any_value(k.article_id) from article_keys as k
    where k.url_key = regexp_replace(entries.url_key, '#[^!/].*$', ''))
where state = 'listed' and stage = 'fetch' and attempts = 0 and url_key like '%#%' and (
  exists (select 1 from article_keys as k where k.url_key = regexp_replace(entries.url_key, '#[^!/].*$', ''))
  or exists (
    select 1 from pages as o
    where o.page_key = regexp_replace(entries.url_key, '#[^!/].*$', '') and o.entry_id <> entries.entry_id
      and (o.first_listed_at, length(o.url), o.feed_id, o.entry_id)
        < (entries.first_listed_at, length(entries.url), entries.feed_id, entries.entry_id)))
