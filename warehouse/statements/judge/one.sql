-- A judgement by its number.
select judgement_id, kind, subject, before, after, who, decided_at, undone_at from judgements
where judgement_id = $number
