-- What goes with the words of an article, read again, and what is known to be wrong with its record.
merge into articles using (select unnest(from_json_strict($rows,
  '[{"article_id":"BIGINT","correction":"VARCHAR","title_source":"VARCHAR","flags":["VARCHAR"],
     "updated_at":"TIMESTAMPTZ"}]'), max_depth := 2)) as r
on articles.article_id = r.article_id
when matched then update set
  correction = r.correction, title_source = r.title_source, flags = r.flags, updated_at = r.updated_at
