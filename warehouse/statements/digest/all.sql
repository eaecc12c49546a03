-- Every digest with what it was composed from.
select digest_id, digest_day, edition, window_from, window_to, known_after, as_of, composed_at, composer, content
from digests order by digest_day, digest_id
