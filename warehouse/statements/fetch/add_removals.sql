-- The removal of a page, as a change that readers are told of.
insert into revisions
select a.article_id, a.revision, 'removed', a.title, null, $now
from articles as a
where a.article_id in (select unnest(from_json_strict($ids, '["BIGINT"]')))
  and not exists (select 1 from revisions as r where r.article_id = a.article_id and r.kind = 'removed')
