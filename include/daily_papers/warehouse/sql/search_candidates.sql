-- Papers in which every word of a query occurs, with their BM25 scores over weighted fields.
-- pieces: word, way, piece, term_key, weight (which terms stand for which piece of which way to read a word).

WITH corpus AS (
    SELECT count(*) AS papers, greatest(avg(title_length), 1) AS title, greatest(avg(names_length), 1) AS names,
           greatest(avg(abstract_length), 1) AS abstract, greatest(avg(sections_length), 1) AS sections
    FROM search_documents
), hits AS (
    SELECT p.paper_key, t.word, t.way, t.piece, sum(t.weight * p.in_title) AS in_title,
           sum(t.weight * p.in_names) AS in_names, sum(t.weight * p.in_abstract) AS in_abstract,
           sum(t.weight * p.in_sections) AS in_sections
    FROM search_postings p
    JOIN pieces t ON t.term_key = p.term_key
    GROUP BY ALL
), allowed AS (
    SELECT d.*
    FROM search_documents d
    WHERE d.paper_id IN (
        SELECT l.paper_id
        FROM listings l
        JOIN papers p ON p.paper_id = l.paper_id
        WHERE l.withdrawn_at IS NULL AND l.listing_date BETWEEN $first_date AND $last_date
          AND ($organization IS NULL
               OR l.paper_id IN (SELECT paper_id FROM organizations WHERE lower(organization) = lower($organization)))
          AND ($keyword IS NULL
               OR l.paper_id IN (SELECT paper_id FROM keywords WHERE contains(lower(keyword), lower($keyword))))
          AND (p.has_code OR NOT $with_code)
    )
), frequencies AS (
    SELECT d.paper_key, d.paper_id, h.word, h.way, h.piece,
           4 * h.in_title / (0.25 + 0.75 * d.title_length / c.title)
           + 2 * h.in_names / (0.25 + 0.75 * d.names_length / c.names)
           + 1.5 * h.in_abstract / (0.25 + 0.75 * d.abstract_length / c.abstract)
           + h.in_sections / (0.25 + 0.75 * d.sections_length / c.sections) AS frequency
    FROM hits h
    JOIN allowed d ON d.paper_key = h.paper_key
    CROSS JOIN corpus c
), ways AS (
    SELECT f.paper_key, f.paper_id, f.word, f.way, min(f.frequency) AS frequency
    FROM frequencies f
    GROUP BY f.paper_key, f.paper_id, f.word, f.way
    HAVING count(*) = (SELECT count(DISTINCT piece) FROM pieces p WHERE p.word = f.word AND p.way = f.way)
), words AS (
    SELECT paper_key, paper_id, word, max(frequency) AS frequency FROM ways GROUP BY paper_key, paper_id, word
), weighted AS (
    SELECT w.*, ln(1 + (c.papers - n.papers + 0.5) / (n.papers + 0.5)) AS rarity
    FROM words w
    JOIN (SELECT word, count(*) AS papers FROM words GROUP BY word) n ON n.word = w.word
    CROSS JOIN corpus c
)
SELECT paper_id, sum(rarity * frequency * 2.2 / (frequency + 1.2)) AS score
FROM weighted
GROUP BY paper_id
HAVING count(*) = $words
ORDER BY score DESC, paper_id DESC
LIMIT $most
