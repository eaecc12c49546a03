-- Several digests of one watch; whose voice a speaker is; what was sent to whom, with what outcome; alerts.

alter table digests add column edition varchar;
update digests set edition = 'daily';
comment on column digests.digest_id is 'Day, as YYYY-MM-DD, and behind a point the edition, unless that is daily';
comment on column digests.edition is 'Which of several digests it is, by its id in sources.yaml';
comment on column digests.known_after is 'as_of of the digest before in this edition: what came to be known after it is news';

create table voices (
  name varchar, kind varchar, role varchar, voice varchar, valid_from timestamptz, valid_to timestamptz
);
comment on table voices is 'One row: a person or body that may be named as a speaker, as sources.yaml had it from valid_from to valid_to (NULL: still)';
comment on column voices.name is 'As shown; quotes.speaker is such a name, or one that a text names';
comment on column voices.kind is 'person, body or act';
comment on column voices.role is 'Office or function; NULL: none given';
comment on column voices.voice is 'institution, police, industry, ngo, survivors or other: whose voice it is, for counting who is heard';
comment on column voices.valid_from is 'First run with this description (UTC)';
comment on column voices.valid_to is 'First run without it (UTC); NULL: still valid';

create table deliveries (
  message_id varchar, letter_id varchar, recipient_key bigint, recipient varchar, state varchar, attempts integer,
  prepared_at timestamptz, tried_at timestamptz, next_attempt_at timestamptz, settled_at timestamptz, detail varchar
);
comment on table deliveries is 'One row: a digest or an alert for one recipient, recorded before any of it leaves';
comment on column deliveries.message_id is 'Its Message-ID, the same on every attempt';
comment on column deliveries.letter_id is 'digests.digest_id or alerts.alert_id';
comment on column deliveries.recipient_key is 'Hash of the address in lower case: addresses stand in sources.yaml alone';
comment on column deliveries.recipient is 'The address as far as people need it to tell two apart: a…@example.org';
comment on column deliveries.state is 'prepared; sending: its outcome is not known yet; sent; waiting: to be tried again; refused: for good; uncertain: it may have arrived, and is sent again only on command';
comment on column deliveries.attempts is 'How often a server was asked';
comment on column deliveries.prepared_at is 'Run that recorded it (UTC)';
comment on column deliveries.tried_at is 'Run of the last attempt (UTC); NULL: none yet';
comment on column deliveries.next_attempt_at is 'While waiting: not before (UTC)';
comment on column deliveries.settled_at is 'When it was sent, refused or found uncertain (UTC); NULL: not yet';
comment on column deliveries.detail is 'What the server said';

create table alerts (
  alert_id varchar, rule varchar, line_ids bigint[], raised_at timestamptz, content json
);
comment on table alerts is 'One row: an alert between digests, by one of the rules in sources.yaml';
comment on column alerts.alert_id is 'The rule and the time, as alert.burst.20261112T1030';
comment on column alerts.rule is 'Id of the rule; it rests for its cool-down from raised_at on';
comment on column alerts.line_ids is 'Stories that it tells of: no rule tells of one twice';
comment on column alerts.raised_at is 'Time of the run (UTC)';
comment on column alerts.content is 'What it says, enough to write its letter again';
