-- Counts that contradict each other: must be empty. Articles are originals and copies; there are never more publishers
-- than outlets, nor more outlets than articles; no original is itself a copy, and of two that share a text one is a copy.
select 'topic_daily' as of_what, concat_ws(' ', published_day, topic, language, country) as row
from topic_daily where not (publishers <= outlets and outlets <= articles and copies between 0 and articles)
union all select 'outlet_daily', concat_ws(' ', published_day, outlet_id)
from outlet_daily where not (kept + off_topic = articles and copies between 0 and kept)
union all select 'syndications', original_id::varchar
from syndications where not (originals + copies = articles and carrying_publishers <= outlets and outlets <= articles
  and other_publishers < carrying_publishers)
union all select 'kept_articles', c.article_id::varchar
from copies as c join copies as o on o.article_id = c.original_id
where c.known_to is null and o.known_to is null
union all select 'copy_pairs', p.one_id || ' ' || p.other_id
from copy_pairs as p
where p.known_to is null and p.one_shingles > 0 and p.other_shingles > 0
  and p.one_id not in (select article_id from copies where known_to is null)
  and p.other_id not in (select article_id from copies where known_to is null)
order by all
