-- Stories that may be related, in either direction once. Twice is once.
insert into related_stories by name
select r.* from (select unnest(from_json_strict($rows,
  '[{"story_id":"BIGINT","other_id":"BIGINT","similarity":"DOUBLE","reason":"VARCHAR","method":"VARCHAR",
     "version":"VARCHAR","known_from":"TIMESTAMPTZ","known_to":"TIMESTAMPTZ"}]'), max_depth := 2)) as r
where not exists (select 1 from related_stories as o where o.known_to is null
  and ((o.story_id = r.story_id and o.other_id = r.other_id) or (o.story_id = r.other_id and o.other_id = r.story_id)))
