-- What copies of articles are looked for by. Twice is once.
insert into copy_keys
select r.* from (select unnest(from_json_strict($rows,
  '[{"article_id":"BIGINT","outlet_id":"VARCHAR","seen_day":"DATE","title_key":"BIGINT","text_hash":"BIGINT",
     "sampled":"INTEGER","original_key":"VARCHAR","source_name":"VARCHAR"}]'), max_depth := 2)) as r
where not exists (select 1 from copy_keys as k where k.article_id = r.article_id)
