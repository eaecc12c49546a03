-- Pairs of articles that carry one text. Twice is once.
insert into copy_pairs
select r.* from (select unnest(from_json_strict($rows,
  '[{"one_id":"BIGINT","other_id":"BIGINT","rule":"VARCHAR","score":"DOUBLE","containment":"DOUBLE",
     "numbers_overlap":"DOUBLE","names_overlap":"DOUBLE","shared":"INTEGER","one_shingles":"INTEGER",
     "other_shingles":"INTEGER","version":"VARCHAR","known_from":"TIMESTAMPTZ","known_to":"TIMESTAMPTZ"}]'),
  max_depth := 2)) as r
where not exists (select 1 from copy_pairs as p where p.one_id = r.one_id and p.other_id = r.other_id
  and p.known_to is null)
