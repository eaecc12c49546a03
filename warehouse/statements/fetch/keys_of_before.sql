-- Articles with the addresses that lead to them, where the rules of the URL key have changed and none has a key by the
-- new ones yet; else no row.
select article_id, url, canonical_url from articles
where exists (select 1 from article_keys where rule_version <> $version)
  and not exists (select 1 from article_keys where rule_version = $version)
order by first_seen_at, article_id
