-- Lines that an earlier digest of the edition told of, with the day of the first.
select coalesce(l.line_id, i.story_id) as line_id, min(d.digest_day) as first_day
from digest_items as i
join digests as d using (digest_id)
left join story_lines as l on l.story_id = i.story_id and l.known_from <= $as_of
  and (l.known_to is null or l.known_to > $as_of)
where d.edition = $edition and d.digest_day < $day
group by all
