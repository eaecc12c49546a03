-- Of one edition, the digest before a day, and the newest of all.
select
  (select max(digest_day) from digests where edition = $edition) as newest_day,
  (select max_by(as_of, digest_day) from digests where edition = $edition and digest_day < $day) as known_after
