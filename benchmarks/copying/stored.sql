-- The stored rows as `match` leaves articles.
insert into articles by name
select article_id, article_id as entry_id, outlet_id, 'kept' as state, 'en' as language, seen as first_seen_at,
  seen as published_at, seen::date as published_day, seen as updated_at
from stored;
insert into article_texts by name
select article_id, 1 as revision, '' as title, text, false as is_partial, seen as seen_at, seen::date as published_day
from stored;
insert into article_keys by name
select outlet_id || '.example/' || article_id as url_key, article_id, seen as added_at from stored;
insert into outlets by name
select distinct outlet_id, outlet_id as name, outlet_id as publisher, 'media' as kind,
  '2020-01-01'::timestamptz as valid_from
from stored where outlet_id not in (select outlet_id from outlets);
