-- A tdmrep.json as had; the newest of a host holds.
merge into rights_files using (select unnest(from_json_strict($rows,
  '[{"host":"VARCHAR","fetched_at":"TIMESTAMPTZ","status":"INTEGER","body":"VARCHAR"}]'), max_depth := 2)) as r
on rights_files.host = r.host
when matched then update set fetched_at = r.fetched_at, status = r.status, body = r.body
when not matched then insert (host, fetched_at, status, body) values (r.host, r.fetched_at, r.status, r.body)
