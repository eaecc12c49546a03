-- What changed in (known_after, as_of] in articles that an earlier digest told of.
select distinct r.article_id, r.kind, r.before, r.after, r.seen_at, r.revision, a.url, o.name as outlet, a.language,
  (select i.told from digest_items as i join digests as d using (digest_id)
   where i.article_id = r.article_id and d.digest_day < $day order by d.digest_day limit 1) as told
from revisions as r
join articles_at($as_of) as a using (article_id)
join outlets_at($as_of) as o on o.outlet_id = a.outlet_id
where r.kind <> 'reread'  -- the outlet changed nothing: we read better
  and r.seen_at <= $as_of and $known_after is not null and r.seen_at > $known_after
  and exists (select 1 from digest_items as i join digests as d using (digest_id)
    where i.article_id = r.article_id and d.digest_day < $day)
order by r.kind = 'removed' desc, r.seen_at, r.article_id, r.kind, r.before, r.after
