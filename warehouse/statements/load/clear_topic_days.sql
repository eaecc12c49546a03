-- Make room for the touched days.
delete from topic_daily where exists (
  select 1 from (select unnest(from_json_strict($days, '["DATE"]')) as day) as d
  where d.day is not distinct from topic_daily.published_day)
