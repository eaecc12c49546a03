-- Every judgement with the articles it is about, the newest first.
select j.judgement_id, j.kind, j.before, j.after, j.who, j.decided_at, j.undone_at,
  nullif(if(j.kind = 'relevance', split_part(j.subject, ' ', 2), ''), '') as topic, a.url, a.title,
  b.url as other_url, b.title as other_title
from judgements as j
left join articles as a on a.article_id = try_cast(split_part(j.subject, ' ', 1) as bigint)
left join articles as b on j.kind <> 'relevance' and b.article_id = try_cast(split_part(j.subject, ' ', 2) as bigint)
order by j.judgement_id desc
