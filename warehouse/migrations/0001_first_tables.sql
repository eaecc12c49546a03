-- The tables of one pass from feed to digest. No keys, sequences or enums: the same SQL must run on a lake
-- (docs/decisions/0003); uniqueness is held by one writer and proven by checks.

create table outlets (
  outlet_id varchar, name varchar, publisher varchar, tier utinyint, country varchar, language varchar,
  kind varchar, rights varchar, valid_from timestamptz, valid_to timestamptz
);
comment on table outlets is 'One row: an outlet as sources.yaml described it from valid_from to valid_to (NULL: still)';
comment on column outlets.outlet_id is 'Id from sources.yaml';
comment on column outlets.name is 'Name for readers';
comment on column outlets.publisher is 'Company or family; copies inside one publisher are not independent';
comment on column outlets.tier is '1 leading, 2 established, 3 local or special';
comment on column outlets.country is 'ISO 3166-1 code';
comment on column outlets.language is 'ISO 639 code';
comment on column outlets.kind is 'media, agency, institution or ngo';
comment on column outlets.rights is 'What sources.yaml says on TDM and licence; NULL: nothing';
comment on column outlets.valid_from is 'First run with this description (UTC)';
comment on column outlets.valid_to is 'First run without it (UTC); NULL: still valid';

create table feeds (
  feed_id varchar, outlet_id varchar, url varchar, kind varchar, language varchar, poll_minutes integer,
  valid_from timestamptz, valid_to timestamptz
);
comment on table feeds is 'One row: a feed as sources.yaml described it from valid_from to valid_to (NULL: still)';
comment on column feeds.feed_id is 'Id from sources.yaml';
comment on column feeds.outlet_id is 'The outlet it lists';
comment on column feeds.url is 'Address that is polled';
comment on column feeds.kind is 'feed, news_sitemap or query';
comment on column feeds.language is 'ISO 639 code, the outlet''s unless the feed says otherwise';
comment on column feeds.poll_minutes is 'Configured interval; the floor of 60 (30) minutes holds above it';
comment on column feeds.valid_from is 'First run with this description (UTC)';
comment on column feeds.valid_to is 'First run without it (UTC); NULL: still valid';

create table feed_states (
  feed_id varchar, url varchar, etag varchar, last_modified varchar, last_attempt_at timestamptz,
  last_success_at timestamptz, last_new_at timestamptz, next_poll_at timestamptz, failures integer,
  redirect_url varchar, redirect_since timestamptz, stopped_reason varchar
);
comment on table feed_states is 'One row: what is remembered of a feed between polls';
comment on column feed_states.feed_id is 'The feed';
comment on column feed_states.url is 'Address that the validators belong to';
comment on column feed_states.etag is 'Opaque, as the server sent it';
comment on column feed_states.last_modified is 'Opaque, as the server sent it';
comment on column feed_states.last_attempt_at is 'Counted from for the least time between attempts, whatever became of it';
comment on column feed_states.last_success_at is 'Last 200 or 304 that could be read';
comment on column feed_states.last_new_at is 'Last poll that listed something new';
comment on column feed_states.next_poll_at is 'Not before this time';
comment on column feed_states.failures is 'Failed attempts in a row';
comment on column feed_states.redirect_url is 'Where a permanent redirect points; proposed, not adopted';
comment on column feed_states.redirect_since is 'Since when';
comment on column feed_states.stopped_reason is 'Why it is not polled at all (410 Gone); NULL: it is';

create table polls (
  poll_id bigint, feed_id varchar, outlet_id varchar, url varchar, started_at timestamptz, finished_at timestamptz,
  is_conditional boolean, status integer, outcome varchar, reason varchar, detail varchar, bytes bigint,
  listed integer, new integer, known integer, warc_file varchar, warc_offset bigint
);
comment on table polls is 'One row: an attempt at a feed, recorded before the request leaves';
comment on column polls.poll_id is 'Hash of feed and time of the run';
comment on column polls.feed_id is 'The feed';
comment on column polls.outlet_id is 'Its outlet';
comment on column polls.url is 'Address asked';
comment on column polls.started_at is 'Time of the run (UTC)';
comment on column polls.finished_at is 'Time of the run that recorded the outcome; NULL: none yet';
comment on column polls.is_conditional is 'A validator was sent';
comment on column polls.status is 'HTTP status; NULL: no answer';
comment on column polls.outcome is 'started, new, unchanged, failed or interrupted';
comment on column polls.reason is 'Why it failed';
comment on column polls.detail is 'What was seen';
comment on column polls.bytes is 'Length of the body';
comment on column polls.listed is 'Entries in the document';
comment on column polls.new is 'Entries listed for the first time: their sum is what entries must add up to';
comment on column polls.known is 'Entries that had been listed before';
comment on column polls.warc_file is 'Archive file with the document';
comment on column polls.warc_offset is 'Its record''s offset';

create table entries (
  entry_id bigint, feed_id varchar, outlet_id varchar, identity varchar, identity_kind varchar, url varchar,
  url_key varchar, title varchar, summary varchar, author varchar, publisher_name varchar,
  published_raw varchar, published_at timestamptz, published_on date, date_source varchar, language varchar,
  first_listed_at timestamptz, listed_day date, is_backlog boolean,
  state varchar, reason varchar, detail varchar, stage varchar, attempts integer, next_attempt_at timestamptz,
  decided_at timestamptz, rule_version varchar, article_id bigint, fetch_id bigint
);
comment on table entries is 'One row: one item of one feed that was ever listed, in exactly one state';
comment on column entries.entry_id is 'Hash of feed and identity';
comment on column entries.feed_id is 'The feed that listed it';
comment on column entries.outlet_id is 'The feed''s outlet';
comment on column entries.identity is 'What makes it the same item in the next poll';
comment on column entries.identity_kind is 'id, link, link_date or link_title';
comment on column entries.url is 'Its link as the feed gives it; this is what is fetched';
comment on column entries.url_key is 'Its URL key, for comparing only';
comment on column entries.title is 'As the feed tells it';
comment on column entries.summary is 'As the feed tells it, as plain text';
comment on column entries.author is 'As the feed tells it';
comment on column entries.publisher_name is 'RSS <source>: whose item it is';
comment on column entries.published_raw is 'The date as written';
comment on column entries.published_at is 'The instant (UTC); NULL if unknown or a date alone';
comment on column entries.published_on is 'A date alone, as declared';
comment on column entries.date_source is 'Who read it; NULL: unknown';
comment on column entries.language is 'As the feed declares or sources.yaml says';
comment on column entries.first_listed_at is 'Run that saw it first (UTC)';
comment on column entries.listed_day is 'UTC day of first_listed_at: conservation is counted by it';
comment on column entries.is_backlog is 'Listed at the feed''s very first poll';
comment on column entries.state is 'listed, waiting, kept, duplicate, off_topic, rejected, gone, given_up or forgotten';
comment on column entries.reason is 'Named reason of every final state but kept, and of waiting';
comment on column entries.detail is 'What was seen';
comment on column entries.stage is 'Next stage it needs while listed or waiting: fetch, extract or match; NULL when final';
comment on column entries.attempts is 'Requests for its page';
comment on column entries.next_attempt_at is 'While waiting: not before';
comment on column entries.decided_at is 'Run of the last move (UTC)';
comment on column entries.rule_version is 'Version of the rule that decided';
comment on column entries.article_id is 'The article it became or is a duplicate of';
comment on column entries.fetch_id is 'The fetch whose page it is read from; NULL with stage extract: from the feed''s own text';

create table fetches (
  fetch_id bigint, entry_id bigint, article_id bigint, purpose varchar, url varchar, final_url varchar,
  host varchar, started_at timestamptz, status integer, outcome varchar, reason varchar, detail varchar,
  is_conditional boolean, content_type varchar, charset varchar, bytes bigint, redirects varchar[], robots varchar,
  is_tdm_reserved boolean, etag varchar, last_modified varchar, retry_at timestamptz,
  warc_file varchar, warc_offset bigint, read_at timestamptz
);
comment on table fetches is 'One row: one request for a page, or a page refused before any request';
comment on column fetches.fetch_id is 'Hash of purpose, entry or article, and time of the run';
comment on column fetches.entry_id is 'The entry it was made for; NULL for a revisit';
comment on column fetches.article_id is 'The article revisited; NULL for a first fetch';
comment on column fetches.purpose is 'first or revisit';
comment on column fetches.url is 'Address asked';
comment on column fetches.final_url is 'Address that answered';
comment on column fetches.host is 'Host asked, for the politeness ledger';
comment on column fetches.started_at is 'Time of the run (UTC)';
comment on column fetches.status is 'HTTP status; NULL: no answer or no request';
comment on column fetches.outcome is 'page, unchanged, gone, failed or refused';
comment on column fetches.reason is 'Why there is no page';
comment on column fetches.detail is 'What was seen';
comment on column fetches.is_conditional is 'A validator was sent';
comment on column fetches.content_type is 'As declared';
comment on column fetches.charset is 'As declared in the header';
comment on column fetches.bytes is 'Length of the body';
comment on column fetches.redirects is 'Addresses on the way';
comment on column fetches.robots is 'allowed, disallowed or unavailable (RFC 9309)';
comment on column fetches.is_tdm_reserved is 'TDM reservation seen in the response; NULL: nothing said';
comment on column fetches.etag is 'Validator for the next visit';
comment on column fetches.last_modified is 'Validator for the next visit';
comment on column fetches.retry_at is 'Not before, as the server asked';
comment on column fetches.warc_file is 'Archive file with the page';
comment on column fetches.warc_offset is 'Its record''s offset';
comment on column fetches.read_at is 'Run that extracted the page (UTC); NULL: not yet, or no page';

create table robots_files (
  host varchar, fetched_at timestamptz, status integer, body varchar, warc_file varchar, warc_offset bigint
);
comment on table robots_files is 'One row: the robots.txt of a host as last fetched, kept at most 24 hours (RFC 9309 2.4)';
comment on column robots_files.host is 'scheme://host[:port]';
comment on column robots_files.fetched_at is 'Time of the run (UTC)';
comment on column robots_files.status is 'HTTP status; NULL: no answer';
comment on column robots_files.body is 'Its text';
comment on column robots_files.warc_file is 'Archive file';
comment on column robots_files.warc_offset is 'Its record''s offset';

create table host_pauses (host varchar, until_at timestamptz, reason varchar);
comment on table host_pauses is 'One row: an exact host that asked for a pause';
comment on column host_pauses.host is 'The exact host name; its neighbours are not meant';
comment on column host_pauses.until_at is 'No request before (UTC)';
comment on column host_pauses.reason is 'What it answered';

create table drafts (
  entry_id bigint, article_id bigint, url varchar, url_key varchar, canonical_url varchar, canonical_key varchar,
  outlet_id varchar, title varchar, text varchar, authors varchar[], published_at timestamptz, published_day date,
  published_precision varchar, published_raw varchar, date_source varchar, modified_at timestamptz,
  language varchar, language_source varchar, is_paywalled boolean, is_partial boolean, quality double,
  is_tdm_reserved boolean, extractor varchar, content_hash bigint, fetch_id bigint, extracted_at timestamptz
);
comment on table drafts is 'One row: an article extracted and not yet matched; emptied by every pass';
comment on column drafts.entry_id is 'The entry it is read for';
comment on column drafts.article_id is 'The article it will be';
comment on column drafts.url is 'Address fetched';
comment on column drafts.url_key is 'Key of the entry''s link';
comment on column drafts.canonical_url is 'As the page declares on the same site; NULL if it does not';
comment on column drafts.canonical_key is 'Key of canonical_url; NULL: none declared';
comment on column drafts.outlet_id is 'The outlet';
comment on column drafts.title is 'As read';
comment on column drafts.text is 'Paragraphs separated by line breaks';
comment on column drafts.authors is 'Names; empty if none are given';
comment on column drafts.published_at is 'As in articles';
comment on column drafts.published_day is 'As in articles';
comment on column drafts.published_precision is 'As in articles';
comment on column drafts.published_raw is 'As in articles';
comment on column drafts.date_source is 'As in articles';
comment on column drafts.modified_at is 'As in articles';
comment on column drafts.language is 'As in articles';
comment on column drafts.language_source is 'As in articles';
comment on column drafts.is_paywalled is 'As in articles';
comment on column drafts.is_partial is 'As in articles';
comment on column drafts.quality is 'As in articles';
comment on column drafts.is_tdm_reserved is 'As in articles';
comment on column drafts.extractor is 'Name and version';
comment on column drafts.content_hash is 'Hash of the folded title and text';
comment on column drafts.fetch_id is 'The fetch it was read from; NULL: the feed''s own text';
comment on column drafts.extracted_at is 'Run that read it (UTC)';

create table articles (
  article_id bigint, entry_id bigint, url varchar, canonical_url varchar, outlet_id varchar, title varchar,
  authors varchar[], published_at timestamptz, published_day date, published_precision varchar,
  published_raw varchar, date_source varchar, modified_at timestamptz, language varchar, language_source varchar,
  is_paywalled boolean, is_partial boolean, quality double, is_tdm_reserved boolean, words integer, extractor varchar,
  content_hash bigint, state varchar, revision integer, first_seen_at timestamptz, updated_at timestamptz, gone_at timestamptz
);
comment on table articles is 'One row: one canonical URL, kept or off topic; off topic without text';
comment on column articles.article_id is '64-bit hash of the URL key at first sighting; never changes';
comment on column articles.entry_id is 'The entry it was first read for';
comment on column articles.url is 'Address fetched';
comment on column articles.canonical_url is 'As the page declares on the same site; NULL if it does not';
comment on column articles.outlet_id is 'The outlet';
comment on column articles.title is 'As last seen';
comment on column articles.authors is 'Names; empty if none are given';
comment on column articles.published_at is 'The instant (UTC); NULL if unknown or a date alone';
comment on column articles.published_day is 'Day in the monitor''s time zone, or the date as declared; NULL: unknown, never today';
comment on column articles.published_precision is 'second, day, or NULL';
comment on column articles.published_raw is 'The date as written';
comment on column articles.date_source is 'Who said it';
comment on column articles.modified_at is 'As the page declares (UTC)';
comment on column articles.language is 'ISO 639 code';
comment on column articles.language_source is 'declared, text or feed';
comment on column articles.is_paywalled is 'As the page declares; NULL: it does not say';
comment on column articles.is_partial is 'Read from the feed''s own text, or cut by a wall';
comment on column articles.is_tdm_reserved is 'Text and data mining reserved by the response or the page; NULL: nothing said';
comment on column articles.quality is '0 to 1: how much speaks for a whole article';
comment on column articles.words is 'Words of the text';
comment on column articles.extractor is 'Name and version';
comment on column articles.content_hash is 'Hash of the folded title and text';
comment on column articles.state is 'kept or off_topic';
comment on column articles.revision is 'Number of the newest text, from 1';
comment on column articles.first_seen_at is 'Run that read it first (UTC)';
comment on column articles.updated_at is 'Run that changed it last (UTC)';
comment on column articles.gone_at is 'Run that found its page removed; NULL: not seen so';

create table article_texts (
  article_id bigint, revision integer, published_day date, title varchar, text varchar, content_hash bigint,
  is_partial boolean, fetch_id bigint, seen_at timestamptz
);
comment on table article_texts is 'One row: one text of one revision of a kept article; append-only';
comment on column article_texts.article_id is 'The article';
comment on column article_texts.revision is 'From 1';
comment on column article_texts.published_day is 'As in articles, for skipping row groups';
comment on column article_texts.title is 'Title of this revision';
comment on column article_texts.text is 'Paragraphs separated by line breaks';
comment on column article_texts.content_hash is 'Hash of the folded title and text';
comment on column article_texts.is_partial is 'As in articles';
comment on column article_texts.fetch_id is 'The fetch it was read from; NULL: the feed''s own text';
comment on column article_texts.seen_at is 'Run that read it (UTC)';

create table article_keys (url_key varchar, article_id bigint, rule_version varchar, added_at timestamptz);
comment on table article_keys is 'One row: a URL key that leads to an article';
comment on column article_keys.url_key is 'For comparing, never for fetching';
comment on column article_keys.article_id is 'The article';
comment on column article_keys.rule_version is 'Version of the URL rules';
comment on column article_keys.added_at is 'Run that saw it first (UTC)';

create table revisions (
  article_id bigint, revision integer, kind varchar, before varchar, after varchar, seen_at timestamptz
);
comment on table revisions is 'One row: one change between two revisions of an article, or its removal';
comment on column revisions.article_id is 'The article';
comment on column revisions.revision is 'The newer revision; of a removal, the last';
comment on column revisions.kind is 'headline, figures, quotes, text or removed';
comment on column revisions.before is 'As it was; NULL: nothing';
comment on column revisions.after is 'As it is; NULL: nothing';
comment on column revisions.seen_at is 'Run that saw it (UTC)';

create table revisits (
  article_id bigint, url varchar, step integer, next_at timestamptz, etag varchar, last_modified varchar
);
comment on table revisits is 'One row: when a kept article''s page is to be seen again (1 h, 6 h, 24 h, 7 d after first sight)';
comment on column revisits.article_id is 'The article';
comment on column revisits.url is 'Address to ask';
comment on column revisits.step is 'Next step, from 0; past the last no visit is due';
comment on column revisits.next_at is 'Not before (UTC)';
comment on column revisits.etag is 'Validator';
comment on column revisits.last_modified is 'Validator';

create table mentions (
  article_id bigint, topic varchar, score double, is_about boolean, evidence json, method varchar,
  version varchar, known_from timestamptz, known_to timestamptz
);
comment on table mentions is 'One row: an article that matches a topic, with what says so';
comment on column mentions.article_id is 'The article';
comment on column mentions.topic is 'Topic id of sources.yaml';
comment on column mentions.score is '0 to 1';
comment on column mentions.is_about is 'The topic carries the article; false: mentioned in passing';
comment on column mentions.evidence is 'Hits: group, words, part, start, end, sentence_start, sentence_end';
comment on column mentions.method is 'query';
comment on column mentions.version is 'Version of terms and queries';
comment on column mentions.known_from is 'Run that decided (UTC)';
comment on column mentions.known_to is 'Run that decided otherwise; NULL: stands';

create table fingerprints (article_id bigint, published_day date, seen_day date, shingle bigint);
comment on table fingerprints is 'One row: a sampled 4-word shingle of a kept article (about 1 in 16)';
comment on column fingerprints.article_id is 'The article';
comment on column fingerprints.published_day is 'As in articles';
comment on column fingerprints.seen_day is 'UTC day of first sight, for the window of 30 days';
comment on column fingerprints.shingle is 'xxh3 of the folded words, divisible by 16';

create table copies (
  article_id bigint, original_id bigint, rule varchar, containment double, numbers_overlap double,
  names_overlap double, added_share double, version varchar, known_from timestamptz, known_to timestamptz
);
comment on table copies is 'One row: an article that carries another''s text, with the numbers that say so';
comment on column copies.article_id is 'The copy; it stays kept and is counted as a copy';
comment on column copies.original_id is 'Its likely original';
comment on column copies.rule is 'same_text, near_copy, or same_title for a feed''s own words';
comment on column copies.containment is 'Share of the shorter text''s shingles found in the other';
comment on column copies.numbers_overlap is 'Shared numbers over the fewer numbers';
comment on column copies.names_overlap is 'Shared names over the fewer names';
comment on column copies.added_share is 'Share of the copy''s shingles that the original has not: added reporting';
comment on column copies.version is 'Version of the rule';
comment on column copies.known_from is 'Run that decided (UTC)';
comment on column copies.known_to is 'Run that decided otherwise; NULL: stands';

create table stories (story_id bigint, language varchar, first_article_id bigint, created_at timestamptz);
comment on table stories is 'One row: the articles about one event, in one language';
comment on column stories.story_id is 'The article_id of the article that opened it; never changes';
comment on column stories.language is 'ISO 639 code';
comment on column stories.first_article_id is 'The article that opened it';
comment on column stories.created_at is 'Run that opened it (UTC)';

create table story_articles (
  story_id bigint, article_id bigint, similarity double, reason varchar, version varchar,
  known_from timestamptz, known_to timestamptz
);
comment on table story_articles is 'One row: an article''s place in a story';
comment on column story_articles.story_id is 'The story';
comment on column story_articles.article_id is 'The article';
comment on column story_articles.similarity is 'Mean similarity to the story''s articles; 1 for the one that opened it';
comment on column story_articles.reason is 'opened, similar or copy';
comment on column story_articles.version is 'Version of the rule';
comment on column story_articles.known_from is 'Run that decided (UTC)';
comment on column story_articles.known_to is 'Run that decided otherwise; NULL: stands';

create table story_lines (
  line_id bigint, story_id bigint, similarity double, reason varchar, version varchar,
  known_from timestamptz, known_to timestamptz
);
comment on table story_lines is 'One row: a story as part of a line: the same event told in other languages';
comment on column story_lines.line_id is 'The story_id that opened the line';
comment on column story_lines.story_id is 'The story';
comment on column story_lines.similarity is 'Shared acts, bodies, names and numbers, 0 to 1';
comment on column story_lines.reason is 'What is shared';
comment on column story_lines.version is 'Version of the rule';
comment on column story_lines.known_from is 'Run that decided (UTC)';
comment on column story_lines.known_to is 'Run that decided otherwise; NULL: stands';

create table quotes (
  article_id bigint, revision integer, speaker varchar, text varchar, start_offset integer, end_offset integer,
  known_from timestamptz
);
comment on table quotes is 'One row: a quotation; text is exactly article_texts.text[start_offset:end_offset]';
comment on column quotes.article_id is 'The article';
comment on column quotes.revision is 'The text it stands in';
comment on column quotes.speaker is 'From the gazetteer or a name of two capitalised words; NULL: not known';
comment on column quotes.text is 'Exact words';
comment on column quotes.start_offset is 'Characters before it';
comment on column quotes.end_offset is 'First character after it';
comment on column quotes.known_from is 'Run that found it (UTC)';

create table terms_used (
  article_id bigint, revision integer, term varchar, preferred varchar, language varchar, start_offset integer,
  end_offset integer, is_quoted boolean, known_from timestamptz
);
comment on table terms_used is 'One row: a watched term in an article, with the term that is agreed instead';
comment on column terms_used.article_id is 'The article';
comment on column terms_used.revision is 'The text it stands in';
comment on column terms_used.term is 'As watched in sources.yaml';
comment on column terms_used.preferred is 'The agreed term';
comment on column terms_used.language is 'Language of the article';
comment on column terms_used.start_offset is 'Characters before it';
comment on column terms_used.end_offset is 'First character after it';
comment on column terms_used.is_quoted is 'Inside a quotation: somebody''s words, reported';
comment on column terms_used.known_from is 'Run that found it (UTC)';

create table judgements (
  judgement_id bigint, kind varchar, subject varchar, before varchar, after varchar, who varchar,
  decided_at timestamptz, undone_at timestamptz
);
comment on table judgements is 'One row: a person''s decision, reversible';
comment on column judgements.judgement_id is 'Number in order of decision';
comment on column judgements.kind is 'relevance, story, copy or correction';
comment on column judgements.subject is 'What it is about';
comment on column judgements.before is 'As the rules had it';
comment on column judgements.after is 'As decided';
comment on column judgements.who is 'Who decided';
comment on column judgements.decided_at is 'When (UTC)';
comment on column judgements.undone_at is 'When undone (UTC); NULL: stands';

create table publishes (publish_id bigint, published_at timestamptz, schema_version integer, row_counts json);
comment on table publishes is 'One row: a copy handed to readers; "as of t" is the last one at or before t';
comment on column publishes.publish_id is 'Number in order';
comment on column publishes.published_at is 'Time of the run (UTC)';
comment on column publishes.schema_version is 'Number of the last migration';
comment on column publishes.row_counts is 'Rows of each table';

create table digests (
  digest_id varchar, digest_day date, window_from timestamptz, window_to timestamptz, known_after timestamptz,
  as_of timestamptz, publish_id bigint, composed_at timestamptz, composer varchar, content json
);
comment on table digests is 'One row: a digest as told; content rebuilds it byte for byte';
comment on column digests.digest_id is 'Day, as YYYY-MM-DD';
comment on column digests.digest_day is 'Day in the readers'' time zone on which its window closes';
comment on column digests.window_from is 'Start of the window (UTC)';
comment on column digests.window_to is 'End of the window (UTC)';
comment on column digests.known_after is 'as_of of the digest before: what came to be known after it is news';
comment on column digests.as_of is 'State of knowledge that was told: the last publish before the window closed or the digest was composed';
comment on column digests.publish_id is 'That publish';
comment on column digests.composed_at is 'Time of the run (UTC)';
comment on column digests.composer is 'Version of the composition';
comment on column digests.content is 'The whole digest as values';

create table digest_items (
  digest_id varchar, section varchar, position integer, story_id bigint, article_id bigint, told varchar
);
comment on table digest_items is 'One row: an article that a digest told of';
comment on column digest_items.digest_id is 'The digest';
comment on column digest_items.section is 'top_stories, by_topic, elsewhere, changed, late or also_seen';
comment on column digest_items.position is 'Order in the section, from 1';
comment on column digest_items.story_id is 'The story it was told under';
comment on column digest_items.article_id is 'The article';
comment on column digest_items.told is 'Headline as told';

create table topic_daily (
  published_day date, topic varchar, language varchar, country varchar, articles bigint, outlets bigint,
  publishers bigint, copies bigint
);
comment on table topic_daily is 'One row: a day, topic, language and country; refreshed for touched days';
comment on column topic_daily.published_day is 'Day in the monitor''s time zone; NULL: articles without a date';
comment on column topic_daily.topic is 'Topic id';
comment on column topic_daily.language is 'Language of the articles';
comment on column topic_daily.country is 'Country of the outlets';
comment on column topic_daily.articles is 'Kept articles, copies included';
comment on column topic_daily.outlets is 'Distinct outlets';
comment on column topic_daily.publishers is 'Independent publishers: distinct, of articles that copy no other';
comment on column topic_daily.copies is 'Articles that copy another';

create table outlet_daily (
  published_day date, outlet_id varchar, articles bigint, kept bigint, off_topic bigint, copies bigint
);
comment on table outlet_daily is 'One row: a day and outlet: the denominator of every share';
comment on column outlet_daily.published_day is 'Day in the monitor''s time zone; NULL: articles without a date';
comment on column outlet_daily.outlet_id is 'The outlet';
comment on column outlet_daily.articles is 'All articles read';
comment on column outlet_daily.kept is 'Of these, on topic';
comment on column outlet_daily.off_topic is 'Of these, not';
comment on column outlet_daily.copies is 'Of the kept, copies of another';

create table outages (
  feed_id varchar, from_at timestamptz, to_at timestamptz, kind varchar, detail varchar,
  known_from timestamptz, known_to timestamptz
);
comment on table outages is 'One row: a time in which a feed told us nothing although it should have';
comment on column outages.feed_id is 'The feed';
comment on column outages.from_at is 'Last sign of life before (UTC)';
comment on column outages.to_at is 'Next sign of life (UTC); NULL: lasts';
comment on column outages.kind is 'failing or silent';
comment on column outages.detail is 'What was seen';
comment on column outages.known_from is 'Run that noticed it (UTC)';
comment on column outages.known_to is 'Run that noticed its end (UTC); NULL: lasts';
