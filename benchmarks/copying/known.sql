-- The stored rows as the stage leaves them when it has looked for their copies.
insert into fingerprints by name
select article_id, seen::date as seen_day, seen::date as published_day, unnest(shingles) as shingle from stored;
insert into copy_keys by name
select article_id, outlet_id, seen::date as seen_day, text_hash, len(shingles)::integer as sampled from stored;
