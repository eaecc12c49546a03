-- Watched terms of a revision. Twice is once.
insert into terms_used
select r.* from (select unnest(from_json_strict($rows,
  '[{"article_id":"BIGINT","revision":"INTEGER","term":"VARCHAR","preferred":"VARCHAR","language":"VARCHAR",
     "start_offset":"INTEGER","end_offset":"INTEGER","is_quoted":"BOOLEAN","known_from":"TIMESTAMPTZ"}]'),
  max_depth := 2)) as r
where not exists (select 1 from terms_used as t where t.article_id = r.article_id and t.revision = r.revision
  and t.start_offset = r.start_offset)
