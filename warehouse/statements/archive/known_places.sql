-- Places in the archive that a row points to.
select warc_file, warc_offset from polls where warc_file is not null and started_at >= $since
union all select warc_file, warc_offset from fetches where warc_file is not null and started_at >= $since
union all select warc_file, warc_offset from robots_files where warc_file is not null and fetched_at >= $since
