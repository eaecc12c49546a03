-- The sitemaps that indexes have named.
select feed_id, url, modified_raw, etag, last_modified, is_pending, asked_at from feed_parts
