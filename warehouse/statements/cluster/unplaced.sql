-- Kept articles that have no story yet.
select article_id from articles
where state = 'kept'
  and not exists (select 1 from story_articles as s where s.article_id = articles.article_id and s.known_to is null)
order by article_id
