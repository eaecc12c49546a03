-- Vectors of articles. Twice is once.
insert into story_vectors
select r.* from (select unnest(from_json_strict($rows,
  '[{"article_id":"BIGINT","model":"VARCHAR","vector":["FLOAT"],"seen_at":"TIMESTAMPTZ"}]'), max_depth := 2)) as r
where not exists (select 1 from story_vectors as v where v.article_id = r.article_id and v.model = r.model)
