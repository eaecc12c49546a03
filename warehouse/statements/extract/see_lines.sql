-- Repeated lines were last seen on the last day before $day whose pages had them. Twice is once.
update repeated_lines set last_day = s.day
from (select outlet_id, line, max(day) as day from page_lines where day < $day group by all) as s
where repeated_lines.known_to is null and s.outlet_id = repeated_lines.outlet_id and s.line = repeated_lines.line
  and s.day > repeated_lines.last_day
