-- A robots.txt as had; the newest of a host holds.
merge into robots_files using (select unnest(from_json_strict($rows,
  '[{"host":"VARCHAR","fetched_at":"TIMESTAMPTZ","status":"INTEGER","body":"VARCHAR","warc_file":"VARCHAR",
     "warc_offset":"BIGINT","etag":"VARCHAR","last_modified":"VARCHAR"}]'), max_depth := 2)) as r
on robots_files.host = r.host
when matched then update set
  fetched_at = r.fetched_at, status = r.status, body = r.body, warc_file = r.warc_file, warc_offset = r.warc_offset,
  etag = r.etag, last_modified = r.last_modified
when not matched then insert (host, fetched_at, status, body, warc_file, warc_offset, etag, last_modified)
values (r.host, r.fetched_at, r.status, r.body, r.warc_file, r.warc_offset, r.etag, r.last_modified)
