-- Lines that no page of the window had are no longer left out.
update repeated_lines set known_to = $day where known_to is null and last_day < $since
