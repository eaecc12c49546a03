-- Articles as they stand, before another reading of their page changes them: "as of" an earlier time stays true. Twice is once.
insert into articles_before (
  article_id, entry_id, url, canonical_url, outlet_id, title, authors, published_at, published_day, published_precision,
  published_raw, date_source, modified_at, language, language_source, is_paywalled, is_partial, quality,
  is_tdm_reserved, words, extractor, content_hash, state, revision, first_seen_at, updated_at, gone_at,
  section, tags, licence, wire, correction, title_source, authors_source, flags, original_url, known_to)
select
  article_id, entry_id, url, canonical_url, outlet_id, title, authors, published_at, published_day, published_precision,
  published_raw, date_source, modified_at, language, language_source, is_paywalled, is_partial, quality,
  is_tdm_reserved, words, extractor, content_hash, state, revision, first_seen_at, updated_at, gone_at,
  section, tags, licence, wire, correction, title_source, authors_source, flags, original_url, $now
from articles as a
where a.article_id in (select unnest(from_json_strict($ids, '["BIGINT"]')))
  and not exists (select 1 from articles_before as b where b.article_id = a.article_id and b.known_to = $now)
