-- What is searched of some papers ({papers}: a condition that holds for these only): titles, names, abstract, and the
-- sections of the newest summary.

SELECT paper_id, 'title' AS field, title AS text FROM papers WHERE {papers}
UNION ALL
SELECT paper_id, 'title', arg_max(translated_title, listing_date) FROM summaries WHERE {papers} GROUP BY paper_id
UNION ALL
SELECT paper_id, 'names', author FROM authors WHERE {papers}
UNION ALL
SELECT paper_id, 'names', keyword FROM keywords WHERE {papers}
UNION ALL
SELECT paper_id, 'names', organization FROM organizations WHERE {papers}
UNION ALL
SELECT paper_id, 'abstract', abstract FROM papers WHERE {papers}
UNION ALL
SELECT paper_id, section, markdown
FROM sections
JOIN (SELECT paper_id, max(listing_date) AS listing_date FROM summaries WHERE {papers} GROUP BY paper_id)
USING (paper_id, listing_date)
WHERE {papers} AND is_present
