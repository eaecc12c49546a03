-- Days whose roll-ups may have changed since the last publish; NULL stands for articles without a date.
select distinct a.published_day
from articles as a
where a.updated_at >= $since
  or a.article_id in (select article_id from copies where known_from >= $since or known_to >= $since)
  or a.article_id in (select article_id from mentions where known_from >= $since or known_to >= $since)
union select published_day from articles_before where known_to >= $since
