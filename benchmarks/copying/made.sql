-- History of the numbers: off topic, with keys and 34 sampled shingles each, two of them out of a small pool.
insert into articles by name
select article_id, article_id as entry_id, outlet_id, 'off_topic' as state, 'en' as language, seen as first_seen_at,
  seen as published_at, day as published_day, seen as updated_at
from numbers;
insert into article_texts by name
select article_id, 1 as revision, 'Article ' || i as title, md5(i::varchar) as text, false as is_partial,
  seen as seen_at, day as published_day
from numbers;
insert into article_keys by name
select outlet_id || '.example/' || i as url_key, article_id, seen as added_at from numbers;
insert into copy_keys by name
select article_id, outlet_id, day as seen_day, (hash(i, 'title') >> 1)::bigint as title_key,
  (hash(i, 'text') >> 1)::bigint as text_hash, 34 as sampled
from numbers;
insert into fingerprints by name
select article_id, day as seen_day, day as published_day,
  ((if(j < 2, hash((hash(i, j) % 200000)::bigint), hash(i, j)) >> 5) << 4)::bigint as shingle
from numbers, range(34) as each_of(j);
