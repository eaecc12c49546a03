-- Quotations of a revision. Twice is once.
insert into quotes
select r.* from (select unnest(from_json_strict($rows,
  '[{"article_id":"BIGINT","revision":"INTEGER","speaker":"VARCHAR","text":"VARCHAR","start_offset":"INTEGER",
     "end_offset":"INTEGER","known_from":"TIMESTAMPTZ"}]'), max_depth := 2)) as r
where not exists (select 1 from quotes as q where q.article_id = r.article_id and q.revision = r.revision
  and q.start_offset = r.start_offset)
