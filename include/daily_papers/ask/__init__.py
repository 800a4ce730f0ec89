"""Questions to the warehouse: the catalogue, SQL, search, exports."""
