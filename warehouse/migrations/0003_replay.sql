-- A new extractor reads archived pages again: articles as they stood before, so that "as of" stays true.

create table articles_before (
  article_id bigint, entry_id bigint, url varchar, canonical_url varchar, outlet_id varchar, title varchar,
  authors varchar[], published_at timestamptz, published_day date, published_precision varchar,
  published_raw varchar, date_source varchar, modified_at timestamptz, language varchar, language_source varchar,
  is_paywalled boolean, is_partial boolean, quality double, is_tdm_reserved boolean, words integer, extractor varchar,
  content_hash bigint, state varchar, revision integer, first_seen_at timestamptz, updated_at timestamptz,
  gone_at timestamptz, known_to timestamptz
);
comment on table articles_before is 'One row: an article as it stood until a replay read its page again; articles_at(t) reads it';
comment on column articles_before.article_id is 'The article';
comment on column articles_before.entry_id is 'As in articles';
comment on column articles_before.url is 'As in articles';
comment on column articles_before.canonical_url is 'As in articles';
comment on column articles_before.outlet_id is 'As in articles';
comment on column articles_before.title is 'As in articles';
comment on column articles_before.authors is 'As in articles';
comment on column articles_before.published_at is 'As in articles';
comment on column articles_before.published_day is 'As in articles';
comment on column articles_before.published_precision is 'As in articles';
comment on column articles_before.published_raw is 'As in articles';
comment on column articles_before.date_source is 'As in articles';
comment on column articles_before.modified_at is 'As in articles';
comment on column articles_before.language is 'As in articles';
comment on column articles_before.language_source is 'As in articles';
comment on column articles_before.is_paywalled is 'As in articles';
comment on column articles_before.is_partial is 'As in articles';
comment on column articles_before.quality is 'As in articles';
comment on column articles_before.is_tdm_reserved is 'As in articles';
comment on column articles_before.words is 'As in articles';
comment on column articles_before.extractor is 'As in articles';
comment on column articles_before.content_hash is 'As in articles';
comment on column articles_before.state is 'As in articles';
comment on column articles_before.revision is 'As in articles';
comment on column articles_before.first_seen_at is 'As in articles';
comment on column articles_before.updated_at is 'As in articles';
comment on column articles_before.gone_at is 'As in articles';
comment on column articles_before.known_to is 'Replay that read otherwise (UTC)';

comment on column revisions.kind is 'headline, figures, quotes, text, removed, or reread: our reading changed, not the outlet''s page; no digest tells it';
comment on column revisions.before is 'As it was; NULL: nothing; of a reread the extractor before';
comment on column revisions.after is 'As it is; NULL: nothing; of a reread the extractor, and the fields that it changed';
comment on column fetches.purpose is 'first, revisit, or replay: no request, a page of somebody''s WARC file';
comment on column fetches.host is 'Host asked, for the politeness ledger; NULL of a replay, which asks nobody';
comment on column feeds.kind is 'feed, news_sitemap, query, or warc: a file that was replayed, never polled';
