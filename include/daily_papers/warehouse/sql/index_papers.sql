-- Makes the search index of some papers again. to_index: paper_id and paper_key of these.

CREATE TEMP TABLE changes AS
SELECT term_key, NULL::VARCHAR AS term, -count(*) AS papers
FROM search_postings
WHERE paper_key IN (SELECT paper_key FROM to_index)
GROUP BY term_key;

DELETE FROM search_postings WHERE paper_key IN (SELECT paper_key FROM to_index);
DELETE FROM search_documents WHERE paper_key IN (SELECT paper_key FROM to_index);

CREATE TEMP TABLE found AS
SELECT paper_key, term, count(*) FILTER (WHERE field = 'title') AS in_title,
       count(*) FILTER (WHERE field = 'names') AS in_names, count(*) FILTER (WHERE field = 'abstract') AS in_abstract,
       count(*) FILTER (WHERE field NOT IN ('title', 'names', 'abstract')) AS in_sections
FROM (
    SELECT paper_id, field, unnest(regexp_extract_all(lower(nfc_normalize(text)), '{word}')) AS term
    FROM ({texts})
)
JOIN to_index USING (paper_id)
GROUP BY paper_key, term;

INSERT INTO search_postings BY NAME
SELECT paper_key, {term_key} AS term_key, least(in_title, 65535) AS in_title, least(in_names, 65535) AS in_names,
       least(in_abstract, 65535) AS in_abstract, least(in_sections, 65535) AS in_sections
FROM found
ORDER BY ALL;

INSERT INTO search_documents BY NAME
SELECT paper_key, paper_id, coalesce(sum(in_title), 0) AS title_length, coalesce(sum(in_names), 0) AS names_length,
       coalesce(sum(in_abstract), 0) AS abstract_length, coalesce(sum(in_sections), 0) AS sections_length
FROM to_index
JOIN papers USING (paper_id)
LEFT JOIN found USING (paper_key)
GROUP BY paper_key, paper_id;

INSERT INTO changes BY NAME
SELECT {term_key} AS term_key, term, count(*) AS papers FROM found GROUP BY term;

CREATE TEMP TABLE net AS
SELECT term_key, max(term) AS term, sum(papers)::INTEGER AS papers FROM changes GROUP BY term_key HAVING sum(papers) <> 0;

UPDATE search_terms SET papers = search_terms.papers + net.papers FROM net WHERE search_terms.term_key = net.term_key;
INSERT INTO search_terms BY NAME FROM net ANTI JOIN search_terms USING (term_key) ORDER BY term_key;
DELETE FROM search_terms WHERE papers = 0;

DROP TABLE net;
DROP TABLE found;
DROP TABLE changes;
