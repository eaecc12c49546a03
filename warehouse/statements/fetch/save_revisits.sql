-- When a page is to be seen next, with the validators it came with.
merge into revisits using (select unnest(from_json_strict($rows,
  '[{"article_id":"BIGINT","url":"VARCHAR","step":"INTEGER","next_at":"TIMESTAMPTZ","etag":"VARCHAR",
     "last_modified":"VARCHAR"}]'), max_depth := 2)) as r
on revisits.article_id = r.article_id
when matched then update set
  url = r.url, step = r.step, next_at = r.next_at, etag = r.etag, last_modified = r.last_modified
when not matched then insert values (r.article_id, r.url, r.step, r.next_at, r.etag, r.last_modified)
