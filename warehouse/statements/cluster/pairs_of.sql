-- Standing pairs that one of these articles is in.
select one_id, other_id, rule, score, containment, numbers_overlap, names_overlap, shared, one_shingles, other_shingles
from copy_pairs
where known_to is null and (one_id in (select unnest(from_json_strict($ids, '["BIGINT"]')))
  or other_id in (select unnest(from_json_strict($ids, '["BIGINT"]'))))
order by one_id, other_id
