-- The state of knowledge as of a time: the last publish at or before it.
select publish_id, published_at from publishes where published_at <= $moment
order by publish_id desc limit 1
