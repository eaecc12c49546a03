-- The fetches of our own that records belong to, by the fetch they name or by their place, with all that is held of
-- their page: the entry, the article, the text as it was read out of this very page last, its topics, and the run that
-- read the article first.
with asked as (select unnest(from_json_strict($asked,
  '[{"n":"INTEGER","fetch_id":"BIGINT","warc_file":"VARCHAR","warc_offset":"BIGINT"}]'), max_depth := 2)),
found as (
  select a.n, f.fetch_id from asked as a join fetches as f on f.fetch_id = a.fetch_id
  union
  select a.n, f.fetch_id from asked as a
  join fetches as f on f.warc_file = a.warc_file and f.warc_offset = a.warc_offset),
read_out as (
  select t.* from article_texts as t where t.fetch_id in (select fetch_id from found)
  qualify row_number() over (partition by t.article_id, t.fetch_id order by t.revision desc) = 1)
select any_value(found.n) as n, f.fetch_id, f.purpose, f.url, f.read_at, e.entry_id, e.state as entry_state,
  e.stage, e.reason, e.title as entry_title, e.summary, e.author, e.published_raw as entry_raw,
  e.published_at as entry_at, e.published_on, e.date_source as entry_date_source, e.language as entry_language,
  e.fetch_id = f.fetch_id and a.entry_id = e.entry_id and f.purpose <> 'revisit' as is_of_facts,
  a.article_id, a.state, a.title, a.authors, a.published_at, a.published_day, a.language, a.content_hash,
  a.extractor, a.revision, a.is_partial, a.updated_at, a.section, a.tags, a.licence,
  a.wire, a.correction, a.title_source, a.authors_source, a.date_source, a.flags, o.rights,
  coalesce(a.outlet_id, e.outlet_id) as outlet_id,
  if(f.purpose = 'revisit', coalesce(
    (select max(p.read_at) from article_texts as x join fetches as p on p.fetch_id = x.fetch_id
     where x.article_id = a.article_id and x.revision = 1), a.first_seen_at), f.read_at) as first_read_at, t.revision as text_revision, t.title as text_title, t.text,
  exists (select 1 from article_texts as x where x.article_id = a.article_id) as has_text,
  (select list({'topic': m.topic, 'is_about': m.is_about}) from mentions as m
   where m.article_id = a.article_id and m.known_to is null) as topics
from found
join fetches as f on f.fetch_id = found.fetch_id
left join entries as e on e.entry_id = f.entry_id
left join articles as a on a.article_id = coalesce(f.article_id, e.article_id)
left join read_out as t on t.article_id = a.article_id and t.fetch_id = f.fetch_id
left join latest_outlets as o on o.outlet_id = coalesce(a.outlet_id, e.outlet_id)
group by all
