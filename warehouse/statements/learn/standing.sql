-- Which judgements of relevance stand: their number and the newest.
select count(*) as judgements, coalesce(max(judgement_id), 0) as newest from judgements
where kind = 'relevance' and undone_at is null
