-- What became of everything each feed ever listed?
-- One row: a feed. `listed` equals the sum of the columns after it, always; `missing` is the difference and must be 0.
-- `duplicate` is the same address again (another feed, a tracking link, an AMP page), not a syndicated copy: copies
-- are kept. `working` is still on its way. A feed with many `rejected` or `given_up` is read badly; for the reasons:
-- select reason, detail, count(*) from entries where feed_id = '…' group by all
-- `kept_share` is kept among the entries that were decided and are no duplicates, in per cent.
select feed_id, sum(listed) as listed, sum(working) as working, sum(kept) as kept, sum(duplicate) as duplicate,
  sum(off_topic) as off_topic, sum(rejected) as rejected, sum(gone) as gone, sum(given_up) as given_up,
  sum(forgotten) as forgotten,
  sum(listed) - sum(working + kept + duplicate + off_topic + rejected + gone + given_up + forgotten) as missing,
  round(100.0 * sum(kept) / nullif(sum(listed) - sum(working) - sum(duplicate), 0), 1) as kept_share
from conservation
group by feed_id
order by feed_id
