-- Places of stories in lines. Twice is once.
insert into story_lines by name
select r.* from (select unnest(from_json_strict($rows,
  '[{"line_id":"BIGINT","story_id":"BIGINT","similarity":"DOUBLE","reason":"VARCHAR","other_id":"BIGINT",
     "method":"VARCHAR","version":"VARCHAR","known_from":"TIMESTAMPTZ","known_to":"TIMESTAMPTZ"}]'),
  max_depth := 2)) as r
where not exists (select 1 from story_lines as l where l.story_id = r.story_id and l.known_to is null)
