-- Kept articles whose page is to be seen again.
select r.article_id, r.url, r.step, r.etag, r.last_modified, o.rights,
  (select count(*) from fetches as f
   where f.article_id = r.article_id and f.reason = 'not_found'
     and f.started_at > (select coalesce(max(g.started_at), timestamptz '1970-01-01 00:00:00+00') from fetches as g
       where g.article_id = r.article_id and g.outcome in ('page', 'unchanged'))) as not_found  -- since it was last there
from revisits as r
join articles as a using (article_id)
left join latest_outlets as o using (outlet_id)
where r.next_at <= $now and a.state = 'kept' and a.gone_at is null
order by r.article_id
