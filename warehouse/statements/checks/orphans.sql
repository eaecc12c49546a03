-- Rows whose article, text or story is missing, and kept articles without any: must be empty.
select 'kept without text' as problem, article_id from articles a where state = 'kept'
  and not exists (select 1 from article_texts t where t.article_id = a.article_id and t.revision = a.revision)
union all select 'kept without topic', article_id from articles a where state = 'kept'
  and not exists (select 1 from mentions m where m.article_id = a.article_id and m.known_to is null)
union all select 'text of no kept article', article_id from article_texts t
  where not exists (select 1 from articles a where a.article_id = t.article_id and a.state = 'kept')
    and not exists (select 1 from articles_before b where b.article_id = t.article_id and b.state = 'kept')  -- as of then
union all select 'copy of nothing', article_id from copies c where c.known_to is null
  and not exists (select 1 from articles a where a.article_id = c.original_id and a.state = 'kept')
union all select 'quotation not in its text', q.article_id from quotes q
  left join article_texts t on t.article_id = q.article_id and t.revision = q.revision
  where t.text is null or substring(t.text, q.start_offset + 1, q.end_offset - q.start_offset) <> q.text
order by problem, article_id
