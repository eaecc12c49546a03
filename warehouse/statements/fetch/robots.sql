-- robots.txt of every host as last had, while it may be used at all (RFC 9309 2.3.1.4: 30 days).
select host, status, body, fetched_at, etag, last_modified, warc_file, warc_offset from robots_files
where fetched_at > $kept_after
qualify row_number() over (partition by host order by fetched_at desc) = 1
