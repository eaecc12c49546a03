-- By rule: when it was raised last, and the stories it has told of.
select rule, max(raised_at) as raised_at, list_distinct(flatten(list(line_ids))) as line_ids
from alerts group by rule
