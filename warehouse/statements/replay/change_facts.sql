-- What a page says of its article, read again: authors, dates, language, section, tags, licence, agencies.
merge into articles using (select unnest(from_json_strict($rows,
  '[{"article_id":"BIGINT","authors":["VARCHAR"],"published_at":"TIMESTAMPTZ","published_day":"DATE",
     "published_precision":"VARCHAR","published_raw":"VARCHAR","date_source":"VARCHAR","language":"VARCHAR",
     "language_source":"VARCHAR","is_paywalled":"BOOLEAN","section":"VARCHAR","tags":["VARCHAR"],
     "licence":"VARCHAR","wire":["VARCHAR"],"authors_source":"VARCHAR","original_url":"VARCHAR","extractor":"VARCHAR","updated_at":"TIMESTAMPTZ"}]'),
  max_depth := 2)) as r
on articles.article_id = r.article_id
when matched then update set
  authors = r.authors, published_at = r.published_at, published_day = r.published_day,
  published_precision = r.published_precision, published_raw = r.published_raw, date_source = r.date_source,
  language = r.language, language_source = r.language_source, is_paywalled = r.is_paywalled,
  section = r.section, tags = r.tags, licence = r.licence, wire = r.wire, authors_source = r.authors_source,
  original_url = r.original_url,
  extractor = r.extractor, updated_at = r.updated_at
