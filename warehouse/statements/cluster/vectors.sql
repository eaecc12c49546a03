-- Vectors of these articles by one model.
select article_id, vector from story_vectors
where model = $model and article_id in (select unnest(from_json_strict($ids, '["BIGINT"]')))
