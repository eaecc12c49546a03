-- The number of the next judgement.
select coalesce(max(judgement_id), 0) + 1 as number from judgements
