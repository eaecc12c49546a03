-- A page that is nested deeper than is read has its text cut without a trace: its record says so.

comment on column articles.flags is 'What is known to be wrong with the record, in this order: no_title, no_authors, no_date, no_language, feed_text (the feed''s own words, or cut), short (under 100 words), paywalled (as declared: the text may be its beginning), lines_dropped (lines that the outlet repeats were left out), beyond_parser (nested deeper than 250 elements, or a node of 10 MB: the text may be cut); empty if nothing is';

-- Pages by whose words no topic can hold are left unread: of these articles the feed's title and date are known.
comment on column articles.words is 'Words of the text; NULL: the page was left unread';
comment on column articles.quality is '0 to 1: how much speaks for a whole article; what speaks against it is in flags; NULL: the page was left unread';
comment on column articles.content_hash is 'xxh3 of title and text, folded; NULL: the page was left unread';
comment on column articles.extractor is 'Who read it, with version; feed: the feed''s own words; screened: nobody, as no topic can hold by its words';
