-- URL keys that lead to an article; the first article that a key led to keeps it.
insert into article_keys
select r.* from (select unnest(from_json_strict($rows,
  '[{"url_key":"VARCHAR","article_id":"BIGINT","rule_version":"VARCHAR","added_at":"TIMESTAMPTZ"}]'),
  max_depth := 2)) as r
where not exists (select 1 from article_keys as k where k.url_key = r.url_key)
