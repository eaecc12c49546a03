-- Requests that left, for the politeness ledger.
insert into requests (requested_at, host, purpose, url, status, bytes, is_conditional, gap_seconds)
select $now, r.* from (select unnest(from_json_strict($rows,
  '[{"host":"VARCHAR","purpose":"VARCHAR","url":"VARCHAR","status":"INTEGER","bytes":"BIGINT",
     "is_conditional":"BOOLEAN","gap_seconds":"DOUBLE"}]'), max_depth := 2)) as r
