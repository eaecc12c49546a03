-- Lines of pages, to learn from when their day is over. Twice is once.
insert into page_lines
select r.* from (select unnest(from_json_strict($rows,
  '[{"outlet_id":"VARCHAR","article_id":"BIGINT","day":"DATE","line":"BIGINT","lines":"INTEGER"}]'),
  max_depth := 2)) as r
where not exists (select 1 from page_lines as p where p.article_id = r.article_id)
