-- Kept articles that have no story yet: of those touched since a day before the last that got one.
select a.article_id from articles as a
where a.state = 'kept'
  and a.updated_at >= (select coalesce(max(known_from) - interval 1 day, '-infinity'::timestamptz) from story_articles)
  and not exists (select 1 from story_articles as s where s.article_id = a.article_id and s.known_to is null)
order by a.article_id
