-- Lines that an outlet has come to repeat, as of the start of $day: on $least pages in the window. A page that has
-- $share of its lines in common with the longest page of that line is a version of it and counts as the same one.
-- Only days before $day are looked at, so neither order nor batches within a day play a role. Twice is once.
insert into repeated_lines
with recent as (select * from page_lines where day >= $since and day < $day),
new as (
  select outlet_id, line from recent
  where not exists (select 1 from repeated_lines as r
    where r.outlet_id = recent.outlet_id and r.line = recent.line and r.known_to is null)
  group by all having count(*) >= $least),
held as (
  select recent.*, first(article_id) over longest as longest_id, first(lines) over longest as most_lines
  from recent join new using (outlet_id, line)
  window longest as (partition by outlet_id, line order by lines desc, article_id)),
pairs as (select distinct article_id, longest_id from held where article_id <> longest_id),
common as (
  select p.article_id, p.longest_id, count(*) as shared
  from pairs as p
  join recent as one on one.article_id = p.article_id
  join recent as other on other.article_id = p.longest_id and other.line = one.line
  group by all),
counted as (
  select outlet_id, line, min(day) as first_day, max(day) as last_day,
    1 + count(*) filter (c.shared < $share * least(held.lines, held.most_lines)) as pages
  from held left join common as c using (article_id, longest_id)
  group by all)
select outlet_id, line, pages, first_day, last_day, $version, $day, null from counted where pages >= $least
