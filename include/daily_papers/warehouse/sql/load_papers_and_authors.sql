-- Facts of papers (paper_rows: one row per paper, of the date that gives them) become rows of tables.

INSERT INTO papers BY NAME
SELECT paper_id, listing_date, title, abstract, published_at, project_page, github_repository, github_stars, hf_summary,
       len(authors) AS author_count, github_repository IS NOT NULL AS has_code, project_page IS NOT NULL AS has_project_page,
       len(keywords) > 0 AS has_keywords, organization IS NOT NULL AS has_organization
FROM paper_rows;

INSERT INTO authors BY NAME
SELECT paper_id, unnest(range(1, len(authors) + 1)) AS position, unnest(authors) AS author FROM paper_rows;

INSERT INTO keywords BY NAME
SELECT paper_id, unnest(range(1, len(keywords) + 1)) AS position, unnest(keywords) AS keyword FROM paper_rows;

INSERT INTO organizations BY NAME
SELECT paper_id, organization FROM paper_rows WHERE organization IS NOT NULL;
