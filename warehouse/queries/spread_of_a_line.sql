-- How far did each event travel, over outlets, languages and days?
-- One row: a story line, the same event told in several languages or on several days, with at least two articles.
-- `first_told_by` is the outlet with the earliest declared instant; NULL if no article of the line has one. It is the
-- first we saw among the outlets watched, not the first in the world.
-- `publishers` is the number to quote: those with a text that copies no other; `copies` are no independent tellings.
-- `days` spans the first to the last declared day, both included; NULL if no article of the line has a day.
select any_value(h.title) as headline, count(*) as articles, count(*) filter (k.is_copy) as copies,
  count(distinct k.outlet_id) as outlets, count(distinct k.publisher) filter (not k.is_copy) as publishers,
  count(distinct k.country) as countries, count(distinct k.language) as languages,
  min(k.published_day) as first_day, max(k.published_day) - min(k.published_day) + 1 as days,
  min_by(k.outlet, k.published_at) filter (k.published_at is not null) as first_told_by, k.line_id
from kept_articles as k
left join articles as h on h.article_id = k.line_id
where k.line_id is not null
group by k.line_id
having count(*) > 1
order by publishers desc, articles desc, k.line_id
