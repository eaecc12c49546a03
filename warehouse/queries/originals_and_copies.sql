-- Whose texts are carried by others, and by how many other publishers?
-- One row: an original that has at least one copy. `copies` are kept articles that carry its text, wherever they ran.
-- `other_publishers` counts those that are not the original's own. They are no independent voices: the text is one.
-- `least_containment` is the weakest share of shared wording among the copies (1: word for word).
-- An article without a row here was not found to be copied; that is no proof that nobody copied it.
select k.title, k.outlet, k.publisher, k.published_day, count(*) as copies,
  count(distinct y.outlet_id) as outlets,
  count(distinct y.publisher) filter (y.publisher <> k.publisher) as other_publishers,
  round(min(c.containment), 2) as least_containment,
  string_agg(distinct y.outlet, ', ' order by y.outlet) as carried_by
from copies as c
join kept_articles as k on k.article_id = c.original_id
join kept_articles as y on y.article_id = c.article_id
where c.known_to is null
group by k.article_id, k.title, k.outlet, k.publisher, k.published_day
order by other_publishers desc, copies desc, k.title
