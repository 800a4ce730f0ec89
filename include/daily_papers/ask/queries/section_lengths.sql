-- How long are the sections, by model?
--
-- Parameters:
--   first_date DATE = 2023-05-01: First listing date
--   last_date DATE = 2999-12-31: Last listing date
-- Columns:
--   section: Section
--   model: Model
--   sections: Sections that say anything
--   absent: Sections the source said nothing about
--   median_characters: Median length
--   shortest: 10th percentile
--   longest: 90th percentile
-- A good answer:
--   Similar lengths for a section under all models; many absent sections mean sources without full text.

SELECT x.section, s.model, count(*) FILTER (WHERE x.is_present) AS sections,
       count(*) FILTER (WHERE NOT x.is_present) AS absent,
       median(x.characters) FILTER (WHERE x.is_present) AS median_characters,
       quantile_disc(x.characters, 0.1) FILTER (WHERE x.is_present) AS shortest,
       quantile_disc(x.characters, 0.9) FILTER (WHERE x.is_present) AS longest
FROM sections x
JOIN newest_summaries($first_date, $last_date) s ON s.listing_date = x.listing_date AND s.paper_id = x.paper_id
GROUP BY x.section, s.model, x.position
ORDER BY x.position, s.model
