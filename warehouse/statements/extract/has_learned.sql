-- Whether pages of this UTC day have been read: then the lines that outlets repeat were learned before them.
select exists (select 1 from page_lines where day = $day) as has_learned
