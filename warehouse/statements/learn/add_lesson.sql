-- A lesson, or why there is none.
insert into lessons by name
select unnest(from_json_strict($rows,
  '[{"learned_at":"TIMESTAMPTZ","basis":"VARCHAR","judged":"VARCHAR","version":"VARCHAR","lesson":"JSON",
     "refused":"VARCHAR"}]'), max_depth := 2)
