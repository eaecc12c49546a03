-- Articles whose page was removed; they stay kept, and their text stays in the archive.
update articles set gone_at = $now, updated_at = $now
where gone_at is null and article_id in (select unnest(from_json_strict($ids, '["BIGINT"]')))
