-- Of these stories, those without an article.
select s.story_id from (select unnest(from_json_strict($ids, '["BIGINT"]')) as story_id) as s
where not exists (select 1 from story_articles as a where a.story_id = s.story_id and a.known_to is null)
order by s.story_id
