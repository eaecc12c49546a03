-- Pages older than the window, from which no more is learned.
delete from page_lines where day < $since
