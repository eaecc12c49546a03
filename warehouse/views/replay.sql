-- Articles as they stood at a time: a replay changes what is known of them, never what was known.
create or replace macro articles_at(t) as table
select a.*, null::timestamptz as known_to from articles as a
where not exists (select 1 from articles_before as b where b.article_id = a.article_id and b.known_to > t)
union all by name
select b.* from articles_before as b where b.known_to > t
qualify row_number() over (partition by b.article_id order by b.known_to) = 1;
