-- Stories opened. Twice is once.
insert into stories
select r.* from (select unnest(from_json_strict($rows,
  '[{"story_id":"BIGINT","language":"VARCHAR","first_article_id":"BIGINT","created_at":"TIMESTAMPTZ"}]'),
  max_depth := 2)) as r
where not exists (select 1 from stories as s where s.story_id = r.story_id)
