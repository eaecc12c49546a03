-- Articles that people judged relevant or not, by the newest judgement that stands, with their words; the newest of
-- these. A judgement's subject is an article, or an article and a topic; that it is not on one topic leaves it open
-- whether it is on any.
with said as (
  select judgement_id, try_cast(split_part(subject, ' ', 1) as bigint) as article_id, after = 'relevant' as is_relevant
  from judgements
  where kind = 'relevance' and undone_at is null and (after = 'relevant' or subject not like '% %')),
newest as (
  select article_id, arg_max(is_relevant, judgement_id) as is_relevant from said
  where article_id is not null
  group by article_id order by max(judgement_id) desc limit $most)
select n.article_id, n.is_relevant, a.title, a.language, coalesce(t.text, '') as text
from newest as n
join articles as a on a.article_id = n.article_id
left join article_texts as t on t.article_id = a.article_id and t.revision = a.revision
order by n.article_id
