-- What stands of these articles as copies.
select article_id, original_id, rule, score, containment, numbers_overlap, names_overlap, added_share, why, via_id
from copies
where known_to is null and article_id in (select unnest(from_json_strict($ids, '["BIGINT"]')))
