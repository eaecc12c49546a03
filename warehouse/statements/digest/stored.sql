-- A digest as it was told.
select * from digests where digest_day = $day
