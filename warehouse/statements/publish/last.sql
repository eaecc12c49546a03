-- The last publish, and what it counted.
select publish_id, published_at, row_counts from publishes order by publish_id desc limit 1
