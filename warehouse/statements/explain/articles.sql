-- The article, with its outlet.
select a.article_id, a.url, a.canonical_url, a.title, a.authors, a.published_at, a.published_day, a.date_source, a.language,
  a.words, a.is_partial, a.is_paywalled, a.extractor, a.state, a.revision, a.first_seen_at, a.gone_at, o.name as outlet, o.publisher
from articles as a
left join latest_outlets as o on o.outlet_id = a.outlet_id
where a.article_id in (select unnest(from_json_strict($articles, '["BIGINT"]')))
