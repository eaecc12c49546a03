-- Places of articles in stories. Twice is once.
insert into story_articles
select r.* from (select unnest(from_json_strict($rows,
  '[{"story_id":"BIGINT","article_id":"BIGINT","similarity":"DOUBLE","reason":"VARCHAR","version":"VARCHAR",
     "known_from":"TIMESTAMPTZ","known_to":"TIMESTAMPTZ"}]'), max_depth := 2)) as r
where not exists (select 1 from story_articles as s where s.article_id = r.article_id and s.known_to is null)
