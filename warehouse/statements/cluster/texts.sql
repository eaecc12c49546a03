-- The first texts of these articles, none of which was seen before the UTC day $since.
select article_id, text from article_texts
where revision = 1 and seen_at >= $since::date
  and article_id in (select unnest(from_json_strict($ids, '["BIGINT"]')))
order by article_id
