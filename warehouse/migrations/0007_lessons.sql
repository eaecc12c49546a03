-- What judgements taught about relevance.

create table lessons (
  learned_at timestamptz, basis varchar, judged varchar, version varchar, lesson json, refused varchar
);
comment on table lessons is 'One row: what the judgements standing then taught about relevance, or why they taught nothing';
comment on column lessons.learned_at is 'Run that learned (UTC)';
comment on column lessons.basis is 'Version of the embedder and the prompts that it is of use with';
comment on column lessons.judged is 'The judgements, by number and newest, and the version of terms and queries';
comment on column lessons.version is 'As mentions.version ends where method is learned; NULL: nothing was learned';
comment on column lessons.lesson is 'Weights, counts of judgements, F1 on languages held out and that of the prompts alone';
comment on column lessons.refused is 'Why nothing was learned';
