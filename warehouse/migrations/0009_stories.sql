-- Stories have headlines and ties with reasons; articles that a person placed are told apart from the rules' places.

alter table story_lines add column other_id bigint;
alter table story_lines add column method varchar;
comment on table story_lines is 'One row: a story as part of a line: the same event told on other days or in another language';
comment on column story_lines.similarity is '0 to 1, on the scale of the method; 1 for the story that opened the line';
comment on column story_lines.reason is 'What is shared with other_id, or opened';
comment on column story_lines.other_id is 'The story it is tied to; NULL: it opened the line, or was placed before this was stored';
comment on column story_lines.method is 'words (of one language), names (across languages), meaning (vectors); NULL as other_id';
comment on column story_articles.similarity is 'Mean similarity when it joined; 1 for the one that opened it and for what a person decided';
comment on column story_articles.reason is 'opened, similar or judged';
comment on column story_articles.version is 'Version of the rule, or of the judgements';
comment on column stories.story_id is 'The article_id of one of its articles, its likeliest original when it was opened';

create table related_stories (
  story_id bigint, other_id bigint, similarity double, reason varchar, method varchar, version varchar,
  known_from timestamptz, known_to timestamptz
);
comment on table related_stories is 'One row: two stories that may be related and are not one line; never counted as one';
comment on column related_stories.story_id is 'The later story';
comment on column related_stories.other_id is 'The other one';
comment on column related_stories.similarity is '0 to 1, on the scale of the method; under what a line asks for';
comment on column related_stories.reason is 'What is shared';
comment on column related_stories.method is 'words, names or meaning, as in story_lines';
comment on column related_stories.version is 'Version of the rule';
comment on column related_stories.known_from is 'Run that decided (UTC)';
comment on column related_stories.known_to is 'Run that decided otherwise; NULL: stands';

create table story_headlines (
  story_id bigint, article_id bigint, headline varchar, typical double, reason varchar, version varchar,
  known_from timestamptz, known_to timestamptz
);
comment on table story_headlines is 'One row: the title of one of its articles that stands for a story';
comment on column story_headlines.story_id is 'The story';
comment on column story_headlines.article_id is 'The article whose title it is';
comment on column story_headlines.headline is 'That title, as it stands';
comment on column story_headlines.typical is '0 to 1: mean share of its words in the other titles of the story';
comment on column story_headlines.reason is 'Why this one';
comment on column story_headlines.version is 'Version of the rule';
comment on column story_headlines.known_from is 'Run that chose it (UTC)';
comment on column story_headlines.known_to is 'Run that chose another; NULL: stands';

create table story_vectors (article_id bigint, model varchar, vector float[], seen_at timestamptz);
comment on table story_vectors is 'One row: an article''s title and lead as a vector, for lines across languages; kept for days, with the semantic extra alone';
comment on column story_vectors.article_id is 'The article';
comment on column story_vectors.model is 'Name and version of the model';
comment on column story_vectors.vector is 'Of length 1';
comment on column story_vectors.seen_at is 'Run that made it (UTC)';
