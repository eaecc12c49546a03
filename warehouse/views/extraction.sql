-- How each outlet's pages are read, by the UTC day on which we read them: a template that changed shows here first.
-- Days are of our own runs: an article's is its first sight, a rejection's its decision, a request's its start.
-- Rejections of entries that never had a page to ask for (no link, a search service's finding) are not counted.
create or replace view outlet_extraction as
with read as (
  select outlet_id, (first_seen_at at time zone 'UTC')::date as day, count(*) as articles,
    avg((is_partial is true)::integer) as partial_share,
    median(words) filter (is_partial is not true) as median_words,
    avg((published_day is null)::integer) as undated_share,
    avg((coalesce(len(authors), 0) = 0)::integer) as unsigned_share,
    avg((coalesce(trim(title), '') = '')::integer) as untitled_share,
    histogram(extractor) filter (extractor is not null) as extractors
  from articles where extractor is distinct from 'screened' group by all),
refused as (
  select outlet_id, (decided_at at time zone 'UTC')::date as day, count(*) as rejected, histogram(reason) as rejected_by
  from entries
  where state = 'rejected' and reason not in ('no_link', 'not_http', 'bad_url', 'unresolved', 'same_title')
  group by all),
asked as (
  select coalesce(e.outlet_id, a.outlet_id) as outlet_id, (f.started_at at time zone 'UTC')::date as day,
    count(*) as answers, avg((f.status = 403)::integer) as forbidden_share
  from fetches as f
  left join entries as e on e.entry_id = f.entry_id
  left join articles as a on a.article_id = f.article_id
  where f.status is not null group by all)
select outlet_id, day, coalesce(articles, 0)::bigint as articles, partial_share, median_words, undated_share,
  unsigned_share, untitled_share, extractors, coalesce(rejected, 0)::bigint as rejected, rejected_by,
  coalesce(answers, 0)::bigint as answers, forbidden_share
from read full join refused using (outlet_id, day) full join asked using (outlet_id, day)
where outlet_id is not null and day is not null;
comment on view outlet_extraction is 'One row: an outlet and UTC day: articles first read, kept or off topic (those left unread for their words, extractor screened, aside); of these the shares read from the feed''s own words or cut (partial), without date (undated), author (unsigned) or title (untitled), and how many each extractor read; the median words of whole ones; pages rejected, by reason; HTTP answers to requests for pages, and the share of 403 among them. A share of nothing is NULL';

-- What each outlet's pages declare of their wall. Publishing systems that set isAccessibleForFree once for all pages tell
-- nothing of any one of them: only where an outlet has said both is the word of a page worth something.
create or replace view outlet_paywalls as
select outlet_id, count(*) as articles, count(*) filter (is_paywalled) as said_paywalled,
  count(*) filter (not is_paywalled) as said_free,
  count(*) filter (is_paywalled) / nullif(count(is_paywalled), 0) as paywalled_share,
  bool_or(is_paywalled) and bool_or(not is_paywalled) as paywall_is_telling
from (select outlet_id, is_paywalled from articles where is_partial is not true)
group by all;
comment on view outlet_paywalls is 'One row: an outlet: of the articles read from its pages, how many were declared paywalled and how many free; paywalled_share of those that were declared either (NULL: none); paywall_is_telling: it has said both, so that is_paywalled and the flag paywalled mean something (NULL: it has said nothing)';
