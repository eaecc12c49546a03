-- Which outlets do search services find that we do not watch?
-- One row: a publisher with findings that no feed of ours listed. Add its feed to sources.yaml
-- (`presswatch sources discover URL`), and its next findings are known from there.
select publisher, site, findings, unresolved, last_found_at
from discoveries where unresolved > 0
order by unresolved desc, publisher
