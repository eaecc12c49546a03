-- Articles left out in (known_after, as_of] that came nearest to a topic, and that nobody had judged by then: for a
-- person to look at, the nearest first.
select a.url, a.title, o.name as outlet, a.language, c.topic, c.share, c.lacks
from close_calls as c
join articles_at($as_of) as a on a.article_id = c.article_id
join outlets_at($as_of) as o on o.outlet_id = a.outlet_id
where a.state = 'off_topic' and a.gone_at is null
  and c.known_from <= $as_of and ($known_after is null or c.known_from > $known_after)
  and (c.known_to is null or c.known_to > $as_of)
  and ($topics::varchar[] is null or list_contains($topics::varchar[], c.topic))
  and not exists (select 1 from judgements as j where j.kind = 'relevance' and j.decided_at <= $as_of
    and (j.undone_at is null or j.undone_at > $as_of) and split_part(j.subject, ' ', 1) = a.article_id::varchar)
order by c.share desc, a.first_seen_at, a.article_id
limit $most
