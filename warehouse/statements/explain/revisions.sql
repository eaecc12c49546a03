-- What changed in it.
select revision, kind, before, after, seen_at from revisions
where article_id in (select unnest(from_json_strict($articles, '["BIGINT"]')))
order by seen_at, revision, kind
