-- The texts of some papers ($ids) as search reads them.

SELECT paper_id, 'title' AS field, title AS text FROM papers WHERE paper_id IN (SELECT unnest($ids))
UNION ALL
SELECT paper_id, 'title', arg_max(title_ko, listing_date) FROM summaries
WHERE paper_id IN (SELECT unnest($ids)) GROUP BY paper_id
UNION ALL
SELECT paper_id, 'names', author FROM authors WHERE paper_id IN (SELECT unnest($ids))
UNION ALL
SELECT paper_id, 'names', keyword FROM keywords WHERE paper_id IN (SELECT unnest($ids))
UNION ALL
SELECT paper_id, 'names', organization FROM organizations WHERE paper_id IN (SELECT unnest($ids))
UNION ALL
SELECT paper_id, 'abstract', abstract FROM papers WHERE paper_id IN (SELECT unnest($ids))
UNION ALL
SELECT paper_id, section, arg_max(markdown, listing_date) FROM sections
WHERE paper_id IN (SELECT unnest($ids)) AND is_present GROUP BY paper_id, section
ORDER BY ALL
