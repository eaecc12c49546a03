-- robots.txt as last fetched, while it may be used (RFC 9309 2.4: at most 24 hours).
select host, status, body from robots_files where fetched_at > $fresh_after
qualify row_number() over (partition by host order by fetched_at desc) = 1
