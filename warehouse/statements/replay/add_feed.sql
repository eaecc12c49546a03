-- A file that was replayed, as a feed that is over: it lists entries, and nobody polls it. Twice is once.
insert into feeds
select $feed_id, null, $url, 'warc', null, null, $now, $now
where not exists (select 1 from feeds as f where f.feed_id = $feed_id)
