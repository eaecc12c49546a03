-- Hosts and days on which we broke what we were asked: must be empty.
select host, day, pauses_broken, retry_after_broken, robots_broken from politeness
where pauses_broken + retry_after_broken + robots_broken > 0
order by day desc, host
