-- What is remembered of every feed.
select * from feed_states
