-- Articles of stories that judgements touch, or touched, with the place that stands and the rules' own.
with asked as (select unnest(from_json_strict($ids, '["BIGINT"]')) as article_id),
stands as (select article_id, story_id, reason from story_articles where known_to is null),
ruled as (
  select article_id, story_id, similarity, reason, version from story_articles where reason <> 'judged'
  qualify row_number() over (partition by article_id order by known_from desc) = 1),
touched as (
  select article_id from stands where reason = 'judged'
  union select article_id from asked),
stories_touched as (
  select story_id from stands where article_id in (select article_id from touched)
  union select story_id from ruled where article_id in (select article_id from touched))
select s.article_id, s.story_id, s.reason, r.story_id as rule_story_id, r.similarity as rule_similarity,
  r.reason as rule_reason, r.version as rule_version, a.language,
  coalesce(a.published_day, a.first_seen_at::date) as day
from stands as s
join ruled as r using (article_id)
join articles as a using (article_id)
where s.story_id in (select story_id from stories_touched) or r.story_id in (select story_id from stories_touched)
order by s.article_id
