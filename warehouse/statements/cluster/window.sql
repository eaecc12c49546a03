-- Kept articles that may share a story with new ones: near in days, of the same language.
select a.article_id, s.story_id
from articles as a
left join story_articles as s on s.article_id = a.article_id and s.known_to is null
where a.state = 'kept' and a.language is not distinct from $language
  and coalesce(a.published_day, a.first_seen_at::date) between $since and $until
order by a.article_id
