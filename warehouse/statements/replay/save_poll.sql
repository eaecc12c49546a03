-- What a file has listed so far, in the transaction that has added its entries. What is new is counted from them, so
-- that a replay taken up at the same moment adds up: conservation holds after each transaction.
merge into polls using (
  select r.*, (select count(*) from entries as e where e.feed_id = r.feed_id and e.first_listed_at = r.at) as fresh
  from (select unnest(from_json_strict($rows,
    '[{"poll_id":"BIGINT","feed_id":"VARCHAR","url":"VARCHAR","at":"TIMESTAMPTZ","listed":"INTEGER"}]'),
    max_depth := 2)) as r) as r
on polls.poll_id = r.poll_id
when matched then update set
  outcome = if(r.fresh > 0, 'new', 'unchanged'), listed = r.listed, new = r.fresh,
  known = greatest(r.listed - r.fresh, 0)
when not matched then insert (
  poll_id, feed_id, url, started_at, finished_at, is_conditional, is_watchdog, outcome, listed, new, known)
values (r.poll_id, r.feed_id, r.url, r.at, r.at, false, false, if(r.fresh > 0, 'new', 'unchanged'), r.listed, r.fresh,
  greatest(r.listed - r.fresh, 0))
