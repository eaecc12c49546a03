-- What copies of articles are looked for by; none was seen before $since. Twice is once.
insert into copy_keys
select r.* from (select unnest(from_json_strict($rows,
  '[{"article_id":"BIGINT","outlet_id":"VARCHAR","seen_day":"DATE","title_key":"BIGINT","text_hash":"BIGINT",
     "sampled":"INTEGER","original_key":"VARCHAR","source_name":"VARCHAR"}]'), max_depth := 2)) as r
where r.article_id not in (select article_id from copy_keys where seen_day >= $since)
