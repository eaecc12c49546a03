-- Articles with their texts, as the benchmark has them.
create or replace temp table stored as
select r.* from (select unnest(from_json_strict($rows,
  '[{"article_id":"BIGINT","outlet_id":"VARCHAR","text":"VARCHAR","seen":"TIMESTAMPTZ","shingles":["BIGINT"],
     "text_hash":"BIGINT"}]'), max_depth := 2)) as r
