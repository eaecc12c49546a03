-- Articles left off topic that came near one. Twice is once.
insert into close_calls
select r.* from (select unnest(from_json_strict($rows,
  '[{"article_id":"BIGINT","topic":"VARCHAR","share":"DOUBLE","lacks":["VARCHAR"],"evidence":"JSON",
     "method":"VARCHAR","version":"VARCHAR","known_from":"TIMESTAMPTZ","known_to":"TIMESTAMPTZ"}]'),
  max_depth := 2)) as r
where not exists (select 1 from close_calls as c where c.article_id = r.article_id and c.known_to is null)
