-- Every feed entry that a URL key, an article or the address itself leads to.
select e.entry_id, e.feed_id, o.name as outlet, e.url, e.title, e.published_raw, e.first_listed_at, e.is_backlog, e.state, e.reason,
  e.detail, e.stage, e.attempts, e.next_attempt_at, e.decided_at, e.rule_version,
  coalesce(e.article_id, (select any_value(k.article_id) from article_keys as k where k.url_key = e.url_key)) as article_id
from entries as e
left join latest_outlets as o on o.outlet_id = e.outlet_id
where e.url_key = $url_key or e.url = $url
  or e.article_id in (select article_id from article_keys where url_key = $url_key)
order by e.first_listed_at, e.feed_id
