-- What extraction reads beside words reaches the warehouse: section, tags, licence, agencies, correction, who said
-- what, and what is known to be wrong with a record. And the lines that an outlet repeats, from day to day.

alter table drafts add column section varchar;
alter table drafts add column tags varchar[];
alter table drafts add column licence varchar;
alter table drafts add column wire varchar[];
alter table drafts add column correction varchar;
alter table drafts add column title_source varchar;
alter table drafts add column authors_source varchar;
alter table drafts add column flags varchar[];

alter table articles add column section varchar;
alter table articles add column tags varchar[];
alter table articles add column licence varchar;
alter table articles add column wire varchar[];
alter table articles add column correction varchar;
alter table articles add column title_source varchar;
alter table articles add column authors_source varchar;
alter table articles add column flags varchar[];

alter table articles_before add column section varchar;
alter table articles_before add column tags varchar[];
alter table articles_before add column licence varchar;
alter table articles_before add column wire varchar[];
alter table articles_before add column correction varchar;
alter table articles_before add column title_source varchar;
alter table articles_before add column authors_source varchar;
alter table articles_before add column flags varchar[];

-- Articles read before this: what they hold tells their flags; what their pages say beside, a replay reads.
update articles set tags = [], wire = [], flags = [f for f in [
  if(coalesce(trim(title), '') = '', 'no_title', null), if(coalesce(len(authors), 0) = 0, 'no_authors', null),
  if(published_day is null, 'no_date', null), if(language is null, 'no_language', null),
  if(is_partial, 'feed_text', null), if(words < 100, 'short', null), if(is_paywalled, 'paywalled', null)
] if f is not null];
update articles_before set tags = [], wire = [], flags = [f for f in [
  if(coalesce(trim(title), '') = '', 'no_title', null), if(coalesce(len(authors), 0) = 0, 'no_authors', null),
  if(published_day is null, 'no_date', null), if(language is null, 'no_language', null),
  if(is_partial, 'feed_text', null), if(words < 100, 'short', null), if(is_paywalled, 'paywalled', null)
] if f is not null];
update drafts set tags = [], wire = [], flags = [f for f in [
  if(coalesce(trim(title), '') = '', 'no_title', null), if(coalesce(len(authors), 0) = 0, 'no_authors', null),
  if(published_day is null, 'no_date', null), if(language is null, 'no_language', null),
  if(is_partial, 'feed_text', null), if(is_paywalled, 'paywalled', null)
] if f is not null];

comment on column articles.section is 'The outlet''s own, as the page names it first; NULL: it names none, or it was read before this was kept';
comment on column articles.tags is 'Keywords of the page, each once; empty if it gives none';
comment on column articles.licence is 'As the page declares, mostly an address; NULL: it does not';
comment on column articles.wire is 'News agencies that the page credits, as bylines write them; empty if none';
comment on column articles.correction is 'Its notice of a correction, as it stands on the newest page read; NULL: none';
comment on column articles.title_source is 'Who said the title: jsonld, meta, h1, feed and so on; NULL: nobody says all of it, or it was read before this was kept';
comment on column articles.authors_source is 'Who said the authors, as title_source';
comment on column articles.flags is 'What is known to be wrong with the record, in this order: no_title, no_authors, no_date, no_language, feed_text (the feed''s own words, or cut), short (under 100 words), paywalled (as declared: the text may be its beginning), lines_dropped (lines that the outlet repeats were left out); empty if nothing is';

comment on column drafts.section is 'As in articles';
comment on column drafts.tags is 'As in articles';
comment on column drafts.licence is 'As in articles';
comment on column drafts.wire is 'As in articles';
comment on column drafts.correction is 'As in articles';
comment on column drafts.title_source is 'As in articles';
comment on column drafts.authors_source is 'As in articles';
comment on column drafts.flags is 'As in articles';
comment on column articles_before.section is 'As in articles';
comment on column articles_before.tags is 'As in articles';
comment on column articles_before.licence is 'As in articles';
comment on column articles_before.wire is 'As in articles';
comment on column articles_before.correction is 'As in articles';
comment on column articles_before.title_source is 'As in articles';
comment on column articles_before.authors_source is 'As in articles';
comment on column articles_before.flags is 'As in articles';

create table page_lines (outlet_id varchar, article_id bigint, day date, line bigint, lines integer);
comment on table page_lines is 'One row: a line of an article''s page, as it stood before any that the outlet repeats was left out; kept for 28 days, to learn repeated_lines from';
comment on column page_lines.outlet_id is 'The outlet';
comment on column page_lines.article_id is 'The article';
comment on column page_lines.day is 'UTC day of the run that read it';
comment on column page_lines.line is 'Hash of the folded line, of six words or more';
comment on column page_lines.lines is 'How many of this page''s lines are remembered: at most the first 50 and the last 50';

create table repeated_lines (
  outlet_id varchar, line bigint, pages integer, first_day date, last_day date, version varchar, known_from date, known_to date
);
comment on table repeated_lines is 'One row: a line that an outlet shows on several pages, which is the outlet''s and no article''s. Learned at the start of a UTC day from the days before it; pages read that day are read without it';
comment on column repeated_lines.outlet_id is 'The outlet';
comment on column repeated_lines.line is 'Hash of the folded line';
comment on column repeated_lines.pages is 'Pages that had it when it was learned; versions of one story count once';
comment on column repeated_lines.first_day is 'UTC day of the first page with it in the 28 days before it was learned';
comment on column repeated_lines.last_day is 'UTC day of the last page with it, as of the last UTC day that began with a run';
comment on column repeated_lines.version is 'Version of the rule';
comment on column repeated_lines.known_from is 'UTC day from whose start it is left out';
comment on column repeated_lines.known_to is 'UTC day from whose start it is not any more: no page of 28 days had it; NULL: stands';

comment on column articles.quality is '0 to 1: how much speaks for a whole article; what speaks against it is in flags';
