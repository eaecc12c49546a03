-- The titles of these stories' articles, with what a headline is chosen by, and the headline that stands.
select s.story_id, a.article_id, coalesce(t.title, '') as title, o.tier::integer as tier, a.is_partial, a.published_at,
  c.article_id is not null as is_copy, h.article_id as headline_of, h.headline
from story_articles as s
join articles as a using (article_id)
join article_texts as t on t.article_id = a.article_id and t.revision = a.revision
join latest_outlets as o on o.outlet_id = a.outlet_id
left join copies as c on c.article_id = a.article_id and c.known_to is null
left join story_headlines as h on h.story_id = s.story_id and h.known_to is null
where s.known_to is null and s.story_id in (select unnest(from_json_strict($ids, '["BIGINT"]')))
order by s.story_id, a.article_id
