-- What it copies, and what copies it.
select c.article_id, c.original_id, c.rule, c.score, c.why, c.via_id, c.version, c.containment, c.numbers_overlap, c.names_overlap, c.added_share,
  mine.url as copy_url, theirs.url as original_url
from copies as c
join articles as mine on mine.article_id = c.article_id
join articles as theirs on theirs.article_id = c.original_id
where c.known_to is null and (c.article_id in (select unnest(from_json_strict($articles, '["BIGINT"]')))
  or c.original_id in (select unnest(from_json_strict($articles, '["BIGINT"]'))))
order by c.known_from, c.article_id
