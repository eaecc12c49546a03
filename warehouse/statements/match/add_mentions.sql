-- Articles that match a topic, with their evidence. Twice is once.
insert into mentions by name
select r.* from (select unnest(from_json_strict($rows,
  '[{"article_id":"BIGINT","topic":"VARCHAR","score":"DOUBLE","aboutness":"DOUBLE","is_about":"BOOLEAN","evidence":"JSON",
     "method":"VARCHAR","version":"VARCHAR","known_from":"TIMESTAMPTZ","known_to":"TIMESTAMPTZ"}]'),
  max_depth := 2)) as r
where not exists (select 1 from mentions as m where m.article_id = r.article_id and m.topic = r.topic
  and m.known_to is null)
