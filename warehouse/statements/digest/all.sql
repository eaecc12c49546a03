-- Every digest with what it was composed from.
select digest_day, window_from, window_to, known_after, as_of, composed_at, content from digests order by digest_day
