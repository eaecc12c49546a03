-- Quotations of one revision.
select text, start_offset, end_offset from quotes where article_id = $article_id and revision = $revision
order by start_offset
