-- Facts of papers (paper_rows: one row a paper, of the date that gives them) become rows of tables.

INSERT INTO papers
SELECT paper_id, listing_date, title, abstract, published_at, project_page, github_repository, github_stars, hf_summary,
       len(authors), github_repository IS NOT NULL, project_page IS NOT NULL, len(keywords) > 0, organization IS NOT NULL
FROM paper_rows;

INSERT INTO authors
SELECT paper_id, unnest(range(1, len(authors) + 1)), unnest(authors) FROM paper_rows;

INSERT INTO keywords
SELECT paper_id, unnest(range(1, len(keywords) + 1)), unnest(keywords) FROM paper_rows;

INSERT INTO organizations
SELECT paper_id, organization FROM paper_rows WHERE organization IS NOT NULL;
