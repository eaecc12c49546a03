-- Articles, kept or off topic. Twice is once.
insert into articles
select r.* from (select unnest(from_json_strict($rows,
  '[{"article_id":"BIGINT","entry_id":"BIGINT","url":"VARCHAR","canonical_url":"VARCHAR","outlet_id":"VARCHAR",
     "title":"VARCHAR","authors":["VARCHAR"],"published_at":"TIMESTAMPTZ","published_day":"DATE",
     "published_precision":"VARCHAR","published_raw":"VARCHAR","date_source":"VARCHAR","modified_at":"TIMESTAMPTZ",
     "language":"VARCHAR","language_source":"VARCHAR","is_paywalled":"BOOLEAN","is_partial":"BOOLEAN",
     "quality":"DOUBLE","is_tdm_reserved":"BOOLEAN","words":"INTEGER","extractor":"VARCHAR","content_hash":"BIGINT","state":"VARCHAR",
     "revision":"INTEGER","first_seen_at":"TIMESTAMPTZ","updated_at":"TIMESTAMPTZ",
     "gone_at":"TIMESTAMPTZ","section":"VARCHAR","tags":["VARCHAR"],"licence":"VARCHAR",
     "wire":["VARCHAR"],"correction":"VARCHAR","title_source":"VARCHAR","authors_source":"VARCHAR",
     "flags":["VARCHAR"],"original_url":"VARCHAR"}]'),
  max_depth := 2)) as r
where not exists (select 1 from articles as a where a.article_id = r.article_id)
