-- A row if some article stands where a person put it.
select 1 as one from story_articles where known_to is null and reason = 'judged' limit 1
