-- Articles left out say how near they came; topics say how much an article is about them.

alter table mentions add column aboutness double;
comment on column mentions.aboutness is '0 to 1, by title, lead and the share of the text on the topic; NULL: decided before it was measured';
comment on column mentions.method is 'query, meaning, learned or judgement';
comment on column mentions.version is 'Version of the terms and queries, of the model and prompts, or number of the judgement';

create table close_calls (
  article_id bigint, topic varchar, share double, lacks varchar[], evidence json, method varchar, version varchar,
  known_from timestamptz, known_to timestamptz
);
comment on table close_calls is 'One row: an article left off topic that came near a topic, for people to look at';
comment on column close_calls.article_id is 'The article';
comment on column close_calls.topic is 'The topic it came nearest to';
comment on column close_calls.share is '0 to 1: how much of what the topic asks for was there';
comment on column close_calls.lacks is 'What would have let it in, in plain words';
comment on column close_calls.evidence is 'Hits, as in mentions';
comment on column close_calls.method is 'query, meaning or learned: who left it out';
comment on column close_calls.version is 'Its version, as in mentions';
comment on column close_calls.known_from is 'Run that decided (UTC)';
comment on column close_calls.known_to is 'Run that decided otherwise; NULL: stands';
