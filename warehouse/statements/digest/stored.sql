-- A digest as it was told.
select * from digests where edition = $edition and digest_day = $day
