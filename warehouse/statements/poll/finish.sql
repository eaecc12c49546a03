-- Outcomes of attempts.
merge into polls using (select unnest(from_json_strict($rows,
  '[{"poll_id":"BIGINT","finished_at":"TIMESTAMPTZ","status":"INTEGER","outcome":"VARCHAR","reason":"VARCHAR",
     "detail":"VARCHAR","bytes":"BIGINT","listed":"INTEGER","new":"INTEGER","known":"INTEGER","parts":"INTEGER",
     "retry_at":"TIMESTAMPTZ","warc_file":"VARCHAR","warc_offset":"BIGINT"}]'), max_depth := 2)) as r
on polls.poll_id = r.poll_id
when matched then update set
  finished_at = r.finished_at, status = r.status, outcome = r.outcome, reason = r.reason, detail = r.detail,
  bytes = r.bytes, listed = r.listed, new = r.new, known = r.known, parts = r.parts, retry_at = r.retry_at,
  warc_file = r.warc_file, warc_offset = r.warc_offset
