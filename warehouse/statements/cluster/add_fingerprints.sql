-- Sampled shingles of articles. Twice is once.
insert into fingerprints
select r.* from (select unnest(from_json_strict($rows,
  '[{"article_id":"BIGINT","published_day":"DATE","seen_day":"DATE","shingle":"BIGINT"}]'), max_depth := 2)) as r
where not exists (select 1 from fingerprints as f where f.article_id = r.article_id)
