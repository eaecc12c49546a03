-- The article, with its outlet, and whether that outlet's word on walls tells anything.
select a.article_id, a.url, a.canonical_url, a.title, a.title_source, a.authors, a.authors_source, a.published_at,
  a.published_day, a.date_source, a.language, a.section, a.tags, a.licence, a.wire, a.correction, a.words, a.is_partial,
  a.is_paywalled, coalesce(w.paywall_is_telling, false) as paywall_is_telling, a.flags, a.extractor, a.state, a.revision,
  a.first_seen_at, a.gone_at, o.name as outlet, o.publisher
from articles as a
left join latest_outlets as o on o.outlet_id = a.outlet_id
left join outlet_paywalls as w on w.outlet_id = a.outlet_id
where a.article_id in (select unnest(from_json_strict($articles, '["BIGINT"]')))
