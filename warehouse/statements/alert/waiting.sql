-- Alerts of the last day, oldest first: older ones are no news.
select alert_id, content from alerts where raised_at > $since order by raised_at, alert_id
