-- The last publish; everything since belongs to this load.
select max(published_at) as published_at from publishes
