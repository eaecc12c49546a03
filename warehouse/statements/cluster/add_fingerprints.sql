-- Sampled shingles of articles, a row each; none was seen before $since. Twice is once: who has keys has them.
insert into fingerprints
select r.article_id, r.published_day, r.seen_day, unnest(r.shingles)
from (select unnest(from_json_strict($rows,
  '[{"article_id":"BIGINT","published_day":"DATE","seen_day":"DATE","shingles":["BIGINT"]}]'), max_depth := 2)) as r
where r.article_id not in (select article_id from copy_keys where seen_day >= $since)
