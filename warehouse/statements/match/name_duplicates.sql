-- Entries that double an article which has arrived by now, by their key or that of the page they name a part of.
update entries set article_id = k.article_id
from article_keys as k
where entries.state = 'duplicate' and entries.article_id is null
  and k.url_key = regexp_replace(entries.url_key, '#[^!/].*$', '')
