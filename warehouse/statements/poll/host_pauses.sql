-- Exact hosts that asked for a pause which still holds.
select host, max(until_at) as until_at from host_pauses where until_at > $now group by host
