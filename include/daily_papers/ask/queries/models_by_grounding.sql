-- Which model stays closest to its sources?
--
-- Parameters:
--   first_date DATE = 2023-05-01: First listing date
--   last_date DATE = 2999-12-31: Last listing date
-- Columns:
--   model: Model
--   summaries: Published summaries
--   full_text_percent: Share that is based on the full text; this and the next four are null without a summary
--   stated_percent: Share of sections that quotes support
--   quotes_per_summary: Literal quotes
--   figures_per_summary: Results reported
--   repairs_per_summary: How often parts had to be requested again
--   ungrounded_papers: Papers held back for numbers, names or quotes that the source does not have
-- A good answer:
--   Many quotes and figures, few repairs, no ungrounded papers. Compare models over the same dates.

WITH summarized AS (
    SELECT model, count(*) AS summaries, round(100.0 * count(*) FILTER (WHERE has_full_text) / count(*), 1)
               AS full_text_percent,
           round(100.0 * sum(stated_sections) / (7 * count(*)), 1) AS stated_percent,
           round(avg(quote_count), 1) AS quotes_per_summary, round(avg(result_count), 1) AS figures_per_summary,
           round(avg(repairs), 2) AS repairs_per_summary
    FROM newest_summaries($first_date, $last_date)
    GROUP BY model
), ungrounded AS (
    SELECT model, count(DISTINCT paper_id) AS papers
    FROM quarantine
    WHERE listing_date BETWEEN $first_date AND $last_date
      AND reason IN ('number_not_in_source', 'name_not_in_source', 'quote_not_in_source')
    GROUP BY model
)
SELECT model, coalesce(summaries, 0) AS summaries, full_text_percent, stated_percent, quotes_per_summary,
       figures_per_summary, repairs_per_summary, coalesce(u.papers, 0) AS ungrounded_papers
FROM summarized
FULL JOIN ungrounded u USING (model)
ORDER BY summaries DESC, model
