-- Pairs of a new article first seen on $day with one seen on it or in the window before, that may carry one text; and
-- with later ones that were placed before it, where it comes back to the topic. Of two of a $batch, the later day's turn.
-- Formulas are left out: what more than $hot articles had when the day began. So order and batches decide nothing.
with batch as (select unnest(from_json_strict($batch, '["BIGINT"]')) as article_id),
asked as (select unnest(from_json_strict($ids, '["BIGINT"]')) as article_id),
keys as (select article_id, outlet_id, seen_day, title_key, text_hash, sampled, original_key from copy_keys
         where seen_day between $since and $until
           and (seen_day <= $day or article_id not in (select article_id from batch))),
fresh as (select k.* from keys as k join asked using (article_id)),
new as (select f.article_id, f.shingle from fingerprints as f join asked using (article_id) where f.seen_day = $day),
recent as (select article_id, shingle, seen_day from fingerprints
           where seen_day between $since and $until and shingle in (select shingle from new)
             and (seen_day <= $day or article_id not in (select article_id from batch))),
hot as (select shingle from recent where seen_day < $day group by shingle having count(*) > $hot),
met as (
  select least(n.article_id, r.article_id) as one, greatest(n.article_id, r.article_id) as other,
    count(distinct n.shingle) as shared
  from new as n
  join recent as r on r.shingle = n.shingle and r.article_id <> n.article_id
  where n.shingle not in (select shingle from hot)
  group by all)
select m.one, m.other from met as m
join keys as a on a.article_id = m.one
join keys as b on b.article_id = m.other
where m.shared >= greatest(if(least(a.sampled, b.sampled) <= $short, 1, 2), $share * least(a.sampled, b.sampled))
union
select least(f.article_id, k.article_id), greatest(f.article_id, k.article_id)
from fresh as f join keys as k on k.text_hash = f.text_hash and k.article_id <> f.article_id
where f.text_hash not in (select text_hash from keys where seen_day < $day and text_hash is not null
  group by text_hash having count(*) > $hot)
union
select least(f.article_id, k.article_id), greatest(f.article_id, k.article_id)
from fresh as f join keys as k on k.outlet_id = f.outlet_id and k.title_key = f.title_key
  and k.article_id <> f.article_id and abs(k.seen_day - f.seen_day) <= $title_days
union
select least(f.article_id, k.article_id), greatest(f.article_id, k.article_id)
from fresh as f
join article_keys as y on y.url_key = f.original_key and y.added_at >= $since::date
join keys as k on k.article_id = y.article_id and k.article_id <> f.article_id
union
select least(f.article_id, k.article_id), greatest(f.article_id, k.article_id)
from fresh as f
join article_keys as y on y.article_id = f.article_id and y.added_at >= $since::date
join keys as k on k.original_key = y.url_key and k.article_id <> f.article_id
order by all
