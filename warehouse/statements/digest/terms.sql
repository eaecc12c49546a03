-- Watched terms in the new articles of the edition's topics, outlet by outlet.
select min_by(substring(t.text, u.start_offset + 1, u.end_offset - u.start_offset), u.start_offset) as said, u.term,
  u.preferred, u.language, o.name as outlet, coalesce(t.title, '') as title, a.url, a.article_id, count(*)::integer as uses,
  bool_and(u.is_quoted) as is_quoted
from terms_used as u
join articles_at($as_of) as a using (article_id)
join article_texts as t on t.article_id = u.article_id and t.revision = u.revision
join outlets_at($as_of) as o on o.outlet_id = a.outlet_id
where u.revision = 1 and u.known_from <= $as_of and ($known_after is null or u.known_from > $known_after)
  and ($known_after is null or a.first_seen_at > $known_after)  -- not what a replay found in older articles
  and ($topics::varchar[] is null or exists (
    select 1 from mentions as m where m.article_id = a.article_id and list_contains($topics::varchar[], m.topic)
      and m.known_from <= $as_of and (m.known_to is null or m.known_to > $as_of)))
group by all
order by u.language, u.term, o.name, a.article_id
