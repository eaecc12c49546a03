-- Articles whose page says nothing else: what it was compared by last, and by which extractor. No text is changed.
merge into articles using (select unnest(from_json_strict($rows,
  '[{"article_id":"BIGINT","content_hash":"BIGINT","extractor":"VARCHAR"}]'), max_depth := 2)) as r
on articles.article_id = r.article_id
when matched then update set content_hash = r.content_hash, extractor = r.extractor
