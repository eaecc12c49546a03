-- Articles decided otherwise: kept, or off topic.
merge into articles using (select unnest(from_json_strict($rows,
  '[{"article_id":"BIGINT","state":"VARCHAR","updated_at":"TIMESTAMPTZ"}]'), max_depth := 2)) as r
on articles.article_id = r.article_id
when matched then update set state = r.state, updated_at = r.updated_at
