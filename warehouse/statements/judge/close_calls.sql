-- Articles left out that came nearest to a topic and were not judged, the nearest first.
select a.article_id, a.url, a.title, o.name as outlet, a.language, a.published_day, c.topic, c.share, c.lacks, c.method
from close_calls as c
join articles as a using (article_id)
left join latest_outlets as o using (outlet_id)
where c.known_to is null and a.state = 'off_topic' and a.gone_at is null
  and not exists (select 1 from judgements as j where j.kind = 'relevance' and j.undone_at is null
    and split_part(j.subject, ' ', 1) = a.article_id::varchar)
order by c.share desc, a.first_seen_at desc, a.article_id
limit $most
