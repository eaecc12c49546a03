-- Which outlets' pages do we read worse on the last day than in their own 28 days before?
-- One row: an outlet that was read, rejected or asked in those 29 days. Columns `*_before` are of the 28 days, each
-- article counted once; `articles_before` and `rejected_before` are means a day, from the outlet's first day on.
-- `departs` names what changed, from five articles (of forbidden: answers) on: a share that rose by 20 points or more,
-- `words` if the median of whole articles fell below half or rose above twice what the days before had, and
-- `rejected` if a page in five more was rejected. Outlets with the most of it come first.
-- An outlet without articles that day has no shares: look at outages and at its 403s before you call it quiet.
-- NULL: nothing to take a share of. Days are UTC days of our own runs.
with span as (select max(day) as last_day from outlet_extraction),
told as (select * from outlet_extraction, span where day = last_day),
before as (
  select outlet_id, date_diff('day', min(day), any_value(last_day)) as days,
    sum(articles) as articles, sum(rejected) as rejected, median(median_words) as median_words,
    sum(partial_share * articles) / nullif(sum(articles), 0) as partial_share,
    sum(undated_share * articles) / nullif(sum(articles), 0) as undated_share,
    sum(unsigned_share * articles) / nullif(sum(articles), 0) as unsigned_share,
    sum(untitled_share * articles) / nullif(sum(articles), 0) as untitled_share,
    sum(rejected) / nullif(sum(articles) + sum(rejected), 0) as rejected_share,
    sum(forbidden_share * answers) / nullif(sum(answers), 0) as forbidden_share
  from outlet_extraction, span where day between last_day - 28 and last_day - 1 group by outlet_id),
compared as (
  select coalesce(t.outlet_id, b.outlet_id) as outlet_id, s.last_day, coalesce(t.articles, 0) as articles,
    b.articles / b.days as articles_before, t.partial_share, b.partial_share as partial_before, t.median_words,
    b.median_words as words_before, t.undated_share, b.undated_share as undated_before, t.unsigned_share,
    b.unsigned_share as unsigned_before, t.untitled_share, b.untitled_share as untitled_before,
    coalesce(t.rejected, 0) as rejected, b.rejected / b.days as rejected_before,
    t.rejected / nullif(t.articles + t.rejected, 0) as rejected_share, b.rejected_share as rejected_share_before,
    t.rejected_by, coalesce(t.answers, 0) as answers, t.forbidden_share, b.forbidden_share as forbidden_before,
    t.extractors
  from told as t full join before as b using (outlet_id) cross join span as s),
judged as (
  select *, list_filter([
      if(articles >= 5 and partial_share - partial_before >= 0.2, 'partial', null),
      if(articles >= 5 and undated_share - undated_before >= 0.2, 'undated', null),
      if(articles >= 5 and unsigned_share - unsigned_before >= 0.2, 'unsigned', null),
      if(articles >= 5 and untitled_share - untitled_before >= 0.2, 'untitled', null),
      if(articles >= 5 and (median_words < words_before / 2 or median_words > words_before * 2), 'words', null),
      if(articles + rejected >= 5 and rejected_share - rejected_share_before >= 0.2, 'rejected', null),
      if(answers >= 5 and forbidden_share - forbidden_before >= 0.2, 'forbidden', null)],
    lambda name: name is not null) as departs
  from compared)
select coalesce(o.name, j.outlet_id) as outlet, last_day, departs, articles,
  round(articles_before, 1) as articles_before, round(partial_share, 3) as partial_share,
  round(partial_before, 3) as partial_before, median_words, words_before, round(undated_share, 3) as undated_share,
  round(undated_before, 3) as undated_before, round(unsigned_share, 3) as unsigned_share,
  round(unsigned_before, 3) as unsigned_before, round(untitled_share, 3) as untitled_share,
  round(untitled_before, 3) as untitled_before, rejected, round(rejected_before, 1) as rejected_before, rejected_by,
  answers, round(forbidden_share, 3) as forbidden_share, round(forbidden_before, 3) as forbidden_before, extractors
from judged as j left join latest_outlets as o on o.outlet_id = j.outlet_id
order by len(departs) desc, articles desc, outlet
