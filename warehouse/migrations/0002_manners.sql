-- Polling and fetching like a good guest: what is learned of a feed's rhythm, the documents that feeds are made of,
-- what hosts reserve, and a ledger of every request.

alter table feed_states add column not_before timestamptz;
alter table feed_states add column back_off double;
alter table feed_states add column allowed_age_seconds integer;
alter table feed_states add column poll_minutes double;
alter table feed_states add column drift integer;
alter table feed_states add column unchanged_polls integer;
alter table feed_states add column empty_polls integer;
alter table feed_states add column unconditional_at timestamptz;
alter table feed_states add column was_cut boolean;
alter table feed_states add column validators_url varchar;
update feed_states set back_off = failures, drift = 0, unchanged_polls = 0, empty_polls = 0, was_cut = false;
comment on column feed_states.not_before is 'What the server asked for by Retry-After, max-age or Expires; a person''s poll obeys it too';
comment on column feed_states.back_off is 'Intervals that failures in a row add to the wait: hard 1, soft 0.5, temporary 0.25 each';
comment on column feed_states.allowed_age_seconds is 'The feed''s own freshness (max-age, Expires, ttl, sy:updatePeriod) as last stated; NULL: it states none';
comment on column feed_states.poll_minutes is 'The interval as learned from the share of known entries; NULL: as configured';
comment on column feed_states.drift is 'Polls on time in a row that found the interval too slow (below 0) or too fast (above 0)';
comment on column feed_states.unchanged_polls is 'Answers 304 in a row';
comment on column feed_states.empty_polls is 'Documents in a row that listed nothing';
comment on column feed_states.unconditional_at is 'When it was last asked without validators: first, or because its 304s were doubted';
comment on column feed_states.was_cut is 'The last document ended early, and its validators were not taken over';
comment on column feed_states.validators_url is 'Address that gave the validators, where redirects led; they are sent to it alone';

alter table polls add column is_watchdog boolean;
alter table polls add column retry_at timestamptz;
alter table polls add column parts integer;
update polls set is_watchdog = false;
comment on column polls.is_watchdog is 'Asked without validators because the feed''s 304s were doubted';
comment on column polls.retry_at is 'Not before, as the server asked (Retry-After); NULL: it did not';
comment on column polls.parts is 'Further documents asked for: sitemaps of an index, older pages of a first poll';
comment on column polls.outcome is 'started, new, unchanged, failed, paused (not asked: its host wants a pause) or interrupted';

create table feed_parts (
  feed_id varchar, url varchar, modified_raw varchar, etag varchar, last_modified varchar, is_pending boolean,
  asked_at timestamptz
);
comment on table feed_parts is 'One row: a sitemap that a feed''s index names';
comment on column feed_parts.feed_id is 'The feed';
comment on column feed_parts.url is 'Its address';
comment on column feed_parts.modified_raw is 'Its lastmod as the index wrote it when it was last read; NULL: none';
comment on column feed_parts.etag is 'Opaque, as the server sent it';
comment on column feed_parts.last_modified is 'Opaque, as the server sent it';
comment on column feed_parts.is_pending is 'It could not be had: it is asked for again by the next poll';
comment on column feed_parts.asked_at is 'Run that asked for it last (UTC); NULL: never, it was old when the feed was new to us';

alter table entries add column title_key bigint;
alter table entries add column language_source varchar;
alter table entries add column publisher_url varchar;
comment on column entries.title_key is 'Hash of the folded title of four words or more, without the outlet''s name; NULL: too short to tell';
comment on column entries.language_source is 'Who says its language: entry, sources.yaml or feed; NULL: nobody';
comment on column entries.publisher_url is 'RSS <source url>: whose item it is';
comment on column entries.stage is 'Next stage it needs while listed or waiting: resolve, fetch, extract or match; NULL when final';
comment on column entries.outlet_id is 'The outlet whose story it is: the feed''s, or of a search service''s finding the one found';

alter table robots_files add column etag varchar;
alter table robots_files add column last_modified varchar;
comment on table robots_files is 'One row: the robots.txt of a host as last had; asked for again after 24 hours, and used for 30 days while it cannot be had (RFC 9309 2.3.1.4, 2.4)';
comment on column robots_files.etag is 'Opaque, as the server sent it';
comment on column robots_files.last_modified is 'Opaque, as the server sent it';

create table rights_files (host varchar, fetched_at timestamptz, status integer, body varchar);
comment on table rights_files is 'One row: a host''s /.well-known/tdmrep.json as last had (W3C TDM Reservation Protocol 6.2), asked for again after seven days';
comment on column rights_files.host is 'scheme://host[:port]';
comment on column rights_files.fetched_at is 'Time of the run (UTC)';
comment on column rights_files.status is 'HTTP status; NULL: no answer';
comment on column rights_files.body is 'Its text; NULL: there is none';

create table requests (
  requested_at timestamptz, host varchar, purpose varchar, url varchar, status integer, bytes bigint,
  is_conditional boolean, gap_seconds double
);
comment on table requests is 'One row: a request that left, redirects included: the politeness ledger is read from here';
comment on column requests.requested_at is 'Time of the run (UTC)';
comment on column requests.host is 'The exact host asked';
comment on column requests.purpose is 'poll, part, page, revisit, robots or rights';
comment on column requests.url is 'Address asked';
comment on column requests.status is 'HTTP status; NULL: no answer';
comment on column requests.bytes is 'Length of the body after decompression; NULL: none was read';
comment on column requests.is_conditional is 'A validator was sent';
comment on column requests.gap_seconds is 'Seconds since the same process asked this host before; NULL: its first request there';

alter table host_pauses add column known_from timestamptz;
comment on column host_pauses.known_from is 'Run that was told (UTC); requests of later runs before until_at would be impolite';

comment on column outlets.kind is 'media, agency, institution, ngo, search (a service that only discovers) or found (by one; not in sources.yaml)';
comment on column outlets.country is 'ISO 3166-1 code; NULL: unknown, of an outlet that a search service found';
comment on column outages.kind is 'stopped (410), failing, empty (a search service that finds nothing) or silent (against its own 28 days)';
