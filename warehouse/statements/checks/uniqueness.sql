-- Keys that stand more than once: must be empty. Tables have no keys of their own (docs/decisions/0003).
select 'entries' as table_name, entry_id::varchar as key, count(*) as rows from entries group by all having count(*) > 1
union all select 'articles', article_id::varchar, count(*) from articles group by all having count(*) > 1
union all select 'article_keys', url_key, count(*) from article_keys group by all having count(*) > 1
union all select 'article_texts', article_id || ' ' || revision, count(*) from article_texts group by all having count(*) > 1
union all select 'feed_states', feed_id, count(*) from feed_states group by all having count(*) > 1
union all select 'polls', poll_id::varchar, count(*) from polls group by all having count(*) > 1
union all select 'fetches', fetch_id::varchar, count(*) from fetches group by all having count(*) > 1
union all select 'mentions', article_id || ' ' || topic, count(*) from mentions where known_to is null group by all having count(*) > 1
union all select 'copies', article_id::varchar, count(*) from copies where known_to is null group by all having count(*) > 1
union all select 'copy_pairs', one_id || ' ' || other_id, count(*) from copy_pairs where known_to is null group by all having count(*) > 1
union all select 'copy_keys', article_id::varchar, count(*) from copy_keys group by all having count(*) > 1
union all select 'story_articles', article_id::varchar, count(*) from story_articles where known_to is null group by all having count(*) > 1
union all select 'story_lines', story_id::varchar, count(*) from story_lines where known_to is null group by all having count(*) > 1
union all select 'story_headlines', story_id::varchar, count(*) from story_headlines where known_to is null group by all having count(*) > 1
union all select 'related_stories', least(story_id, other_id) || ' ' || greatest(story_id, other_id), count(*) from related_stories where known_to is null group by all having count(*) > 1
union all select 'story_vectors', article_id || ' ' || model, count(*) from story_vectors group by all having count(*) > 1
union all select 'digests', digest_id, count(*) from digests group by all having count(*) > 1
union all select 'deliveries', message_id, count(*) from deliveries group by all having count(*) > 1
union all select 'alerts', alert_id, count(*) from alerts group by all having count(*) > 1
union all select 'voices', name, count(*) from voices where valid_to is null group by all having count(*) > 1
union all select 'outlets', outlet_id, count(*) from outlets where valid_to is null group by all having count(*) > 1
union all select 'feeds', feed_id, count(*) from feeds where valid_to is null group by all having count(*) > 1
union all select 'page_lines', article_id || ' ' || line, count(*) from page_lines group by all having count(*) > 1
union all select 'repeated_lines', outlet_id || ' ' || line, count(*) from repeated_lines where known_to is null group by all having count(*) > 1
order by table_name, key
