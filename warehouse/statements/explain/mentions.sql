-- Topics it matches, with the evidence.
select topic, score, aboutness, is_about, method, version, known_from, evidence from mentions
where known_to is null and article_id in (select unnest(from_json_strict($articles, '["BIGINT"]')))
order by score desc, topic
