-- Copies are decided by a ladder of rules on pairs of articles; which of a group is the original follows from all pairs
-- and is told apart from them, so that what arrives later may turn a group round (docs/decisions/0018).

create table copy_keys (
  article_id bigint, outlet_id varchar, seen_day date, title_key bigint, text_hash bigint, sampled integer,
  original_key varchar, source_name varchar
);
comment on table copy_keys is 'One row: a kept article, and what copies are looked for by beside fingerprints; of its first text';
comment on column copy_keys.article_id is 'The article';
comment on column copy_keys.outlet_id is 'Its outlet: a title says something within one';
comment on column copy_keys.seen_day is 'UTC day of first sight, as in fingerprints';
comment on column copy_keys.title_key is 'Hash of the folded title; NULL: fewer than four words, or seen before this was kept';
comment on column copy_keys.text_hash is 'Hash of the folded text; NULL: no words, or seen before this was kept';
comment on column copy_keys.sampled is 'Its rows in fingerprints';
comment on column copy_keys.original_key is 'URL key of the page on another site that its page gives as canonical; NULL: none';
comment on column copy_keys.source_name is 'RSS <source> of its entry; NULL: none';

create table copy_pairs (
  one_id bigint, other_id bigint, rule varchar, score double, containment double, numbers_overlap double,
  names_overlap double, shared integer, one_shingles integer, other_shingles integer, version varchar,
  known_from timestamptz, known_to timestamptz
);
comment on table copy_pairs is 'One row: two articles that carry one text, by which rule, and the numbers that say so';
comment on column copy_pairs.one_id is 'The article with the smaller id; which is the original is told by copies';
comment on column copy_pairs.other_id is 'The other';
comment on column copy_pairs.rule is 'The first that holds: declared (a page gives the other''s address on another site as canonical), same_title (in one outlet within 7 days), same_text, near_copy';
comment on column copy_pairs.score is '0 to 1: how sure the rule is; 1 where keys are equal, of near_copy the containment';
comment on column copy_pairs.containment is 'Share of the shorter text''s shingles found in the other';
comment on column copy_pairs.numbers_overlap is 'Shared numbers over the fewer numbers';
comment on column copy_pairs.names_overlap is 'Shared names over the fewer names, word by word';
comment on column copy_pairs.shared is 'Shingles in both texts';
comment on column copy_pairs.one_shingles is 'Shingles of the one text';
comment on column copy_pairs.other_shingles is 'Shingles of the other text';
comment on column copy_pairs.version is 'Version of the rules';
comment on column copy_pairs.known_from is 'Run that decided (UTC)';
comment on column copy_pairs.known_to is 'Run that decided otherwise; NULL: stands';

alter table copies add column score double;
alter table copies add column why varchar;
alter table copies add column via_id bigint;
comment on table copies is 'One row: an article that carries another''s text, and what says so; its pair in copy_pairs has the evidence';
comment on column copies.original_id is 'The likely original of its group; never itself a copy';
comment on column copies.rule is 'As in copy_pairs: declared, same_title, same_text or near_copy';
comment on column copies.names_overlap is 'Shared names over the fewer names, word by word since copies-3';
comment on column copies.added_share is 'Share of the copy''s shingles that the original (or the copy between) has not: added reporting';
comment on column copies.score is '0 to 1: how sure the rule is';
comment on column copies.why is 'What says that the other is the original: declared, credited or source (the copy''s own words; with _by_others: another copy''s), agency, earliest_published or earliest_seen; NULL: decided before it was told';
comment on column copies.via_id is 'The copy through which it was found; NULL: compared with the original itself';
comment on column copies.known_to is 'Run that decided otherwise, mostly because an earlier text arrived; NULL: stands';

-- What was decided before this: fingerprints are counted, copies become pairs with shares of a thousand shingles.
insert into copy_keys by name
select f.article_id, any_value(a.outlet_id) as outlet_id, min(f.seen_day) as seen_day, count(*)::integer as sampled
from fingerprints as f join articles as a using (article_id)
group by f.article_id;
update copies set score = containment;
insert into copy_pairs by name
select least(article_id, original_id) as one_id, greatest(article_id, original_id) as other_id, rule, score, containment,
  numbers_overlap, names_overlap, shared, if(article_id < original_id, 1000, theirs) as one_shingles,
  if(article_id < original_id, theirs, 1000) as other_shingles, version, known_from, known_to
from (
  select *, round(1000 * (1 - added_share))::integer as shared,
    if(containment > 1 - added_share, round(1000 * (1 - added_share) / containment), 1000)::integer as theirs
  from copies);

alter table drafts add column original_url varchar;
alter table articles add column original_url varchar;
alter table articles_before add column original_url varchar;
alter table drafts add column final_key varchar;
comment on column drafts.final_key is 'Key of the address that answered; NULL: none did, or it is a front page';
comment on column drafts.original_url is 'As in articles';
comment on column articles.original_url is 'The page on another site that its page gives as canonical: whose text it is; NULL: none';
comment on column articles_before.original_url is 'As in articles';
