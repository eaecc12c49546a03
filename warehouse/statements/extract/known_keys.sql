-- Articles that these URL keys lead to already, drafts of this pass included.
with asked as (select unnest(from_json_strict($keys, '["VARCHAR"]')) as url_key)
select k.url_key, k.article_id from article_keys as k join asked using (url_key)
union
select d.url_key, d.article_id from drafts as d join asked using (url_key)
union
select d.canonical_key, d.article_id from drafts as d join asked on asked.url_key = d.canonical_key
union
select d.final_key, d.article_id from drafts as d join asked on asked.url_key = d.final_key
