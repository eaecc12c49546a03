-- Digests that told of it.
select d.digest_day, i.section, i.position, i.told from digest_items as i join digests as d using (digest_id)
where i.article_id in (select unnest(from_json_strict($articles, '["BIGINT"]')))
order by d.digest_day
