-- Requests made, or refused before any request. Twice is once.
insert into fetches (
  fetch_id, entry_id, article_id, purpose, url, final_url, host, started_at, status, outcome, reason, detail,
  is_conditional, content_type, charset, bytes, redirects, robots, is_tdm_reserved, etag, last_modified, retry_at,
  warc_file, warc_offset
)
select r.* from (select unnest(from_json_strict($rows,
  '[{"fetch_id":"BIGINT","entry_id":"BIGINT","article_id":"BIGINT","purpose":"VARCHAR","url":"VARCHAR",
     "final_url":"VARCHAR","host":"VARCHAR","started_at":"TIMESTAMPTZ","status":"INTEGER","outcome":"VARCHAR",
     "reason":"VARCHAR","detail":"VARCHAR","is_conditional":"BOOLEAN","content_type":"VARCHAR","charset":"VARCHAR",
     "bytes":"BIGINT","redirects":["VARCHAR"],"robots":"VARCHAR","is_tdm_reserved":"BOOLEAN","etag":"VARCHAR",
     "last_modified":"VARCHAR","retry_at":"TIMESTAMPTZ","warc_file":"VARCHAR","warc_offset":"BIGINT"}]'),
  max_depth := 2)) as r
where not exists (select 1 from fetches as f where f.fetch_id = r.fetch_id)
