-- Kept articles whose page is to be seen again.
select r.article_id, r.url, r.step, r.etag, r.last_modified,
  (select count(*) from fetches as f
   where f.article_id = r.article_id and f.purpose = 'revisit' and f.reason = 'not_found') as not_found
from revisits as r
join articles as a using (article_id)
where r.next_at <= $now and a.state = 'kept' and a.gone_at is null
order by r.article_id
