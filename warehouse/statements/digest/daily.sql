-- Kept articles by day of publication, as known at as_of.
select published_day, count(*) as articles from articles_at($as_of)
where state = 'kept' and published_day is not null and first_seen_at <= $as_of and published_day >= $since
group by published_day
