-- Its story, the line of that story, and the other articles in it.
select s.story_id, s.similarity, s.reason, l.line_id, l.reason as line_reason,
  (select count(*) from story_articles as o where o.story_id = s.story_id and o.known_to is null) as articles
from story_articles as s
left join story_lines as l on l.story_id = s.story_id and l.known_to is null
where s.known_to is null and s.article_id in (select unnest(from_json_strict($articles, '["BIGINT"]')))
