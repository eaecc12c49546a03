-- Which outlets use a term that an agreed one has replaced, and in whose words?
-- One row: an outlet and a watched term, as sources.yaml writes it (`*` stands for any letters).
-- `own_words` counts uses outside quotations: those an outlet can be asked about. `quoted` are somebody's words,
-- reported. `of_articles` is how many articles of that outlet were kept, so that a large outlet is not blamed for size.
-- Only the newest text of each article counts: a term that a correction took out is gone from here.
select k.outlet, k.language, u.term, u.preferred, count(*) filter (not u.is_quoted) as own_words,
  count(*) filter (u.is_quoted) as quoted, count(distinct u.article_id) as articles, any_value(n.kept) as of_articles,
  max(k.published_day) as last_day
from terms_used as u
join articles as a on a.article_id = u.article_id and a.revision = u.revision
join kept_articles as k on k.article_id = u.article_id
join (select outlet_id, count(*) as kept from kept_articles group by all) as n on n.outlet_id = k.outlet_id
group by k.outlet, k.language, u.term, u.preferred
order by own_words desc, quoted desc, k.outlet, u.term
