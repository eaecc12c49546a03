-- The articles a digest told of.
insert into digest_items
select unnest(from_json_strict($rows,
  '[{"digest_id":"VARCHAR","section":"VARCHAR","position":"INTEGER","story_id":"BIGINT","article_id":"BIGINT",
     "told":"VARCHAR"}]'), max_depth := 2)
