-- Decisions of people.
insert into judgements by name
select unnest(from_json_strict($rows,
  '[{"judgement_id":"BIGINT","kind":"VARCHAR","subject":"VARCHAR","before":"VARCHAR","after":"VARCHAR","who":"VARCHAR",
     "decided_at":"TIMESTAMPTZ","undone_at":"TIMESTAMPTZ"}]'), max_depth := 2)
