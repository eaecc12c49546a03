-- tdmrep.json of every host, while it is fresh.
select host, body from rights_files where fetched_at > $fresh_after
