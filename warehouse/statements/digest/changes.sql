-- What changed in (known_after, as_of] in articles that an earlier digest of the edition told of.
with told as (
  select i.article_id, min_by(i.told, d.digest_day) as told
  from digest_items as i join digests as d using (digest_id)
  where d.edition = $edition and d.digest_day < $day
  group by i.article_id)
select distinct r.article_id, r.kind, r.before, r.after, r.seen_at, r.revision, a.url, o.name as outlet, a.language,
  t.told
from revisions as r
join told as t using (article_id)
join articles_at($as_of) as a using (article_id)
join outlets_at($as_of) as o on o.outlet_id = a.outlet_id
where r.kind <> 'reread'  -- the outlet changed nothing: we read better
  and r.seen_at <= $as_of and $known_after is not null and r.seen_at > $known_after
order by r.kind = 'removed' desc, r.seen_at, r.article_id, r.kind, r.before, r.after
