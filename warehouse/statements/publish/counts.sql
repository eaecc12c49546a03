-- Rows of the tables that make a publish worth while, and the newest change in them.
select
  {'polls': (select count(*) from polls), 'entries': (select count(*) from entries),
   'fetches': (select count(*) from fetches), 'articles': (select count(*) from articles),
   'article_texts': (select count(*) from article_texts), 'mentions': (select count(*) from mentions),
   'copies': (select count(*) from copies), 'story_articles': (select count(*) from story_articles),
   'revisions': (select count(*) from revisions), 'judgements': (select count(*) from judgements),
   'outages': (select count(*) from outages), 'digests': (select count(*) from digests),
   'deliveries': (select count(*) from deliveries), 'alerts': (select count(*) from alerts)}::json as row_counts,
  greatest((select max(finished_at) from polls), (select max(decided_at) from entries),
    (select max(started_at) from fetches), (select max(updated_at) from articles),
    (select max(composed_at) from digests),
    (select max(greatest(prepared_at, tried_at, settled_at)) from deliveries), (select max(decided_at) from judgements),
    (select max(undone_at) from judgements)) as newest
