-- Which papers of all loaded dates got the most votes?
SELECT listing_date, paper_id, upvotes, title_ko
FROM published_papers
ORDER BY upvotes DESC, paper_id
LIMIT 5
