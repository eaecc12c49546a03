-- Articles that copy another, with the numbers that say so. Twice is once.
insert into copies by name
select r.* from (select unnest(from_json_strict($rows,
  '[{"article_id":"BIGINT","original_id":"BIGINT","rule":"VARCHAR","score":"DOUBLE","containment":"DOUBLE",
     "numbers_overlap":"DOUBLE","names_overlap":"DOUBLE","added_share":"DOUBLE","why":"VARCHAR","via_id":"BIGINT",
     "version":"VARCHAR","known_from":"TIMESTAMPTZ","known_to":"TIMESTAMPTZ"}]'), max_depth := 2)) as r
where not exists (select 1 from copies as c where c.article_id = r.article_id and c.known_to is null)
