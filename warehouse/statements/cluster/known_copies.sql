-- Standing decisions on copies.
select article_id, original_id from copies where known_to is null
