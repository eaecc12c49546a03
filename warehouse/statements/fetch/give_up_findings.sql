-- A search service's finding that no feed of ours has listed in time.
update entries set
  state = 'rejected', reason = 'unresolved', stage = null, decided_at = $now,
  detail = coalesce(publisher_name, 'unknown publisher') || ' (' || coalesce(publisher_url, 'no site') || ')'
where stage = 'resolve' and first_listed_at < $listed_before
