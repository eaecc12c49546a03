-- Articles extracted, to be matched next. Twice is once.
insert into drafts
select r.* from (select unnest(from_json_strict($rows,
  '[{"entry_id":"BIGINT","article_id":"BIGINT","url":"VARCHAR","url_key":"VARCHAR","canonical_url":"VARCHAR",
     "canonical_key":"VARCHAR","outlet_id":"VARCHAR","title":"VARCHAR","text":"VARCHAR","authors":["VARCHAR"],
     "published_at":"TIMESTAMPTZ","published_day":"DATE","published_precision":"VARCHAR","published_raw":"VARCHAR",
     "date_source":"VARCHAR","modified_at":"TIMESTAMPTZ","language":"VARCHAR","language_source":"VARCHAR",
     "is_paywalled":"BOOLEAN","is_partial":"BOOLEAN","quality":"DOUBLE","is_tdm_reserved":"BOOLEAN",
     "extractor":"VARCHAR",
     "content_hash":"BIGINT","fetch_id":"BIGINT","extracted_at":"TIMESTAMPTZ","section":"VARCHAR","tags":["VARCHAR"],"licence":"VARCHAR",
     "wire":["VARCHAR"],"correction":"VARCHAR","title_source":"VARCHAR","authors_source":"VARCHAR",
     "flags":["VARCHAR"],"original_url":"VARCHAR",
     "final_key":"VARCHAR"}]'), max_depth := 2)) as r
where not exists (select 1 from drafts as d where d.entry_id = r.entry_id)
