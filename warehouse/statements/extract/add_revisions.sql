-- What changed between two revisions.
insert into revisions
select unnest(from_json_strict($rows,
  '[{"article_id":"BIGINT","revision":"INTEGER","kind":"VARCHAR","before":"VARCHAR","after":"VARCHAR",
     "seen_at":"TIMESTAMPTZ"}]'), max_depth := 2)
