-- How near an article that was left out came to a topic.
select topic, share, lacks, evidence, method, version, known_from from close_calls
where known_to is null and article_id in (select unnest(from_json_strict($articles, '["BIGINT"]')))
order by share desc, topic
