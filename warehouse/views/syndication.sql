-- Texts that more than one article carries: one voice each, however many publishers carry it. Those besides the
-- original's own are told apart, because copies within one company travelled nowhere.
create or replace view syndications as
with carried as (
  select *, coalesce(original_id, article_id) as text_id from kept_articles
  where is_copy or article_id in (select original_id from copies where known_to is null))
select c.text_id as original_id, any_value(o.title) as title, any_value(o.outlet) as outlet,
  any_value(o.publisher) as publisher, any_value(o.published_day) as published_day, count(*) as articles,
  count(*) filter (not c.is_copy) as originals, count(*) filter (c.is_copy) as copies,
  count(distinct c.outlet_id) as outlets, count(distinct c.publisher) as carrying_publishers,
  count(distinct c.publisher) filter (c.publisher <> o.publisher) as other_publishers,
  min(c.added_share) as least_added, max(c.added_share) as most_added
from carried as c join kept_articles as o on o.article_id = c.text_id
group by c.text_id;
comment on view syndications is 'One row: a text with copies: how many articles, outlets and publishers carried it, and how much they added';

-- Every decision that one thing is another again: entries of one page, and articles of one text.
create or replace view duplicate_decisions as
select 'entry' as what, entry_id as id, article_id as of_article_id, reason as rule, 1.0::double as score,
  detail as evidence, rule_version as version, decided_at as known_from, null::timestamptz as known_to
from entries where state = 'duplicate'
union all
select 'article', article_id, original_id, rule, score,
  'containment ' || round(containment, 2) || ', numbers ' || round(numbers_overlap, 2) || ', names '
    || round(names_overlap, 2) || ', added ' || round(added_share, 2) || coalesce(', original by ' || why, '')
    || coalesce(', through ' || via_id, ''),
  version, known_from, known_to
from copies;
comment on view duplicate_decisions is 'One row: a decision that an entry is a page known already, or that an article copies another: by which rule, how sure, on what evidence';
