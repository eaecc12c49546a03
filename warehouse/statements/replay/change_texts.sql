-- Title and text, read again: the article follows its newest text.
merge into articles using (select unnest(from_json_strict($rows,
  '[{"article_id":"BIGINT","revision":"INTEGER","title":"VARCHAR","words":"INTEGER","content_hash":"BIGINT",
     "modified_at":"TIMESTAMPTZ","quality":"DOUBLE","extractor":"VARCHAR","is_partial":"BOOLEAN","updated_at":"TIMESTAMPTZ"}]'),
  max_depth := 2)) as r
on articles.article_id = r.article_id
when matched then update set
  revision = r.revision, title = r.title, words = r.words, content_hash = r.content_hash, is_partial = r.is_partial,
  modified_at = r.modified_at, quality = r.quality, extractor = r.extractor, updated_at = r.updated_at
