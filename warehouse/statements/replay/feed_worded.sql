-- Articles that stand on the words of a feed, as replay/fetched has those of pages.
select null as fetch_id, null as purpose, a.url, a.first_seen_at as read_at, e.entry_id, e.state as entry_state,
  e.stage, e.reason, e.title as entry_title, e.summary, e.author, e.published_raw as entry_raw,
  e.published_at as entry_at, e.published_on, e.date_source as entry_date_source, e.language as entry_language,
  true as is_of_facts, a.article_id, a.state, a.title, a.authors, a.published_at, a.published_day, a.language,
  a.content_hash, a.extractor, a.revision, a.is_partial, a.updated_at, a.section, a.tags, a.licence, a.wire,
  a.correction, a.title_source, a.authors_source, a.date_source, a.flags, o.rights, a.outlet_id,
  a.first_seen_at as first_read_at, t.revision as text_revision, t.title as text_title, t.text,
  t.article_id is not null as has_text,
  (select list({'topic': m.topic, 'is_about': m.is_about}) from mentions as m
   where m.article_id = a.article_id and m.known_to is null) as topics
from articles as a
join entries as e on e.entry_id = a.entry_id
left join article_texts as t on t.article_id = a.article_id and t.revision = a.revision
left join latest_outlets as o on o.outlet_id = a.outlet_id
where a.article_id in (select unnest(from_json_strict($ids, '["BIGINT"]'))) and a.is_partial
order by a.article_id
