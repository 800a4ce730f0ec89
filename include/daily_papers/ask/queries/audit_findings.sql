-- What does the audit find most often, in published papers and others?
--
-- Parameters:
--   first_date DATE = 2023-05-01: First listing date
--   last_date DATE = 2999-12-31: Last listing date
-- Columns:
--   reason: Code (docs/audit.md)
--   severity: critical holds a row back from readers, a warning does not
--   findings: Findings
--   papers: Papers
--   set_aside: Of these, papers that a person approved nevertheless
--   part: The part of the summary it is found in most often
-- A good answer:
--   Few critical findings. A warning on most papers points to the prompt.

SELECT reason, severity, count(*) AS findings, count(DISTINCT paper_id) AS papers,
       count(DISTINCT paper_id) FILTER (WHERE is_set_aside) AS set_aside, mode(part) AS part
FROM findings
WHERE listing_date BETWEEN $first_date AND $last_date
GROUP BY reason, severity
ORDER BY findings DESC, reason
