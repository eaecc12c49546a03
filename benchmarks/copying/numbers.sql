-- Articles $from to $to of $articles, spread evenly over the $days before $end; ids are hashes, as they are in earnest.
create or replace temp table numbers as
select range as i, (hash(range) >> 1)::bigint as article_id, 'paper-' || range % 500 as outlet_id,
  $end::timestamptz - to_days(($days * ($articles - range - 1) // $articles)::integer) as seen, seen::date as day
from range($from, $to)
