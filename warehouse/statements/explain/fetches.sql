-- Every request made for these entries or their article.
select purpose, started_at, url, final_url, status, outcome, reason, detail, robots, is_conditional, bytes, warc_file, warc_offset
from fetches
where entry_id in (select unnest(from_json_strict($entries, '["BIGINT"]')))
  or article_id in (select unnest(from_json_strict($articles, '["BIGINT"]')))
order by started_at, purpose
