-- Texts of revisions; append-only. Twice is once.
insert into article_texts
select r.* from (select unnest(from_json_strict($rows,
  '[{"article_id":"BIGINT","revision":"INTEGER","published_day":"DATE","title":"VARCHAR","text":"VARCHAR",
     "content_hash":"BIGINT","is_partial":"BOOLEAN","fetch_id":"BIGINT","seen_at":"TIMESTAMPTZ"}]'),
  max_depth := 2)) as r
where not exists (select 1 from article_texts as t where t.article_id = r.article_id and t.revision = r.revision)
