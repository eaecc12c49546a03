-- Headlines of stories. Twice is once.
insert into story_headlines by name
select r.* from (select unnest(from_json_strict($rows,
  '[{"story_id":"BIGINT","article_id":"BIGINT","headline":"VARCHAR","typical":"DOUBLE","reason":"VARCHAR",
     "version":"VARCHAR","known_from":"TIMESTAMPTZ","known_to":"TIMESTAMPTZ"}]'), max_depth := 2)) as r
where not exists (select 1 from story_headlines as h where h.story_id = r.story_id and h.known_to is null)
