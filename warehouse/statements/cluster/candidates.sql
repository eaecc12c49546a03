-- Pairs with one new article that share at least $least sampled shingles within the window; formulas are left out.
with recent as (select article_id, shingle from fingerprints where seen_day >= $since),
new as (select article_id, shingle from recent
        where article_id in (select unnest(from_json_strict($ids, '["BIGINT"]')))),
hot as (select shingle from recent where shingle in (select shingle from new)
        group by shingle having count(*) > $hot)
select least(n.article_id, r.article_id) as one, greatest(n.article_id, r.article_id) as other
from new as n
join recent as r on r.shingle = n.shingle and r.article_id <> n.article_id
where n.shingle not in (select shingle from hot)
group by all
having count(distinct n.shingle) >= $least
