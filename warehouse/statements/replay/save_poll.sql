-- What a file has listed so far, in the transaction that adds its entries: conservation holds after each.
merge into polls using (select unnest(from_json_strict($rows,
  '[{"poll_id":"BIGINT","feed_id":"VARCHAR","url":"VARCHAR","at":"TIMESTAMPTZ","outcome":"VARCHAR",
     "listed":"INTEGER","new":"INTEGER","known":"INTEGER"}]'), max_depth := 2)) as r
on polls.poll_id = r.poll_id
when matched then update set outcome = r.outcome, listed = r.listed, new = r.new, known = r.known
when not matched then insert (
  poll_id, feed_id, url, started_at, finished_at, is_conditional, is_watchdog, outcome, listed, new, known)
values (r.poll_id, r.feed_id, r.url, r.at, r.at, false, false, r.outcome, r.listed, r.new, r.known)
