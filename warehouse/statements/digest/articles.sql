-- Kept articles of the edition's topics that came to be known in (known_after, as_of], each as it stood at as_of.
with text_then as (
  select article_id, revision, title, text from article_texts where seen_at <= $as_of
  qualify row_number() over (partition by article_id order by revision desc) = 1),
mention_then as (
  select article_id,
    list({'topic': topic, 'score': score, 'is_about': is_about} order by score desc, topic) as topics,
    max_by(evidence, score) as evidence,
    max(coalesce(aboutness, is_about::integer)) as aboutness  -- decided before it was measured: yes or no
  from mentions where known_from <= $as_of and (known_to is null or known_to > $as_of)
    and ($topics::varchar[] is null or list_contains($topics::varchar[], topic))
  group by article_id)
select a.article_id, s.story_id, coalesce(l.line_id, s.story_id) as line_id, o.name as outlet, o.publisher,
  o.tier::integer as tier, o.country, a.language, coalesce(t.title, '') as title, t.text, a.url, a.published_at,
  a.published_day, a.first_seen_at, coalesce(e.is_backlog, false) as is_backlog, a.is_partial,
  coalesce(a.is_tdm_reserved, false) as is_tdm_reserved,
  coalesce(a.gone_at <= $as_of, false) as is_gone, a.quality, c.original_id, m.topics,
  m.evidence, m.aboutness,
  (select list({'text': q.text, 'start': q.start_offset, 'end': q.end_offset, 'speaker': q.speaker}
     order by q.start_offset)
   from quotes as q where q.article_id = a.article_id and q.revision = t.revision) as quotes
from articles_at($as_of) as a
join text_then as t using (article_id)
join mention_then as m using (article_id)
join outlets_at($as_of) as o on o.outlet_id = a.outlet_id
join story_articles as s on s.article_id = a.article_id and s.known_from <= $as_of
  and (s.known_to is null or s.known_to > $as_of)
left join story_lines as l on l.story_id = s.story_id and l.known_from <= $as_of
  and (l.known_to is null or l.known_to > $as_of)
left join copies as c on c.article_id = a.article_id and c.known_from <= $as_of
  and (c.known_to is null or c.known_to > $as_of)
left join entries as e on e.entry_id = a.entry_id
where coalesce(e.feed_id, '') not like 'warc:%'  -- somebody's archive is history, not news
  and a.first_seen_at <= $as_of and ($known_after is null or a.first_seen_at > $known_after)
order by a.article_id
