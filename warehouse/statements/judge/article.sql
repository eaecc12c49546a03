-- The articles and entries behind an address, the article first.
select e.entry_id, e.url, e.state, e.reason, e.stage, a.article_id, a.title, a.state as article_state
from entries as e left join articles as a on a.article_id = e.article_id
where e.url_key = $url_key or e.url = $url
order by a.article_id nulls last, e.entry_id
