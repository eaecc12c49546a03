-- Articles as they stand, before a re-reading changes them: "as of" an earlier time stays true. Twice is once.
insert into articles_before
select a.*, $now from articles as a
where a.article_id in (select unnest(from_json_strict($ids, '["BIGINT"]')))
  and not exists (select 1 from articles_before as b where b.article_id = a.article_id and b.known_to = $now)
