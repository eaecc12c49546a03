-- Day of the first pass (UTC).
select min(started_at)::date as day from polls where started_at <= $as_of
