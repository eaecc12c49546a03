-- What an interrupted run was sending may have arrived: its outcome is uncertain from now on.
update deliveries set state = 'uncertain', settled_at = $now, detail = 'the run that sent it ended before an answer'
where state = 'sending'
