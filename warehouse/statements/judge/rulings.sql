-- People's decisions on relevance that stand, in their order. The subject is an article, or an article and a topic.
select judgement_id, cast(split_part(subject, ' ', 1) as bigint) as article_id,
  nullif(split_part(subject, ' ', 2), '') as topic, after = 'relevant' as is_relevant
from judgements where kind = 'relevance' and undone_at is null
order by judgement_id
