-- A decision taken back; what it was and when stays.
update judgements set undone_at = $now where judgement_id = $number and undone_at is null
