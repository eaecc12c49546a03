-- Kept articles of the edition's topics by day of publication, as known at as_of.
select published_day, count(*)::integer as articles from articles_at($as_of) as a
where state = 'kept' and published_day is not null and first_seen_at <= $as_of and published_day >= $since
  and ($topics::varchar[] is null or exists (
    select 1 from mentions as m where m.article_id = a.article_id and list_contains($topics::varchar[], m.topic)
      and m.known_from <= $as_of and (m.known_to is null or m.known_to > $as_of)))
group by published_day
