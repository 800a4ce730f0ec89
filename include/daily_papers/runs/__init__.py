"""Which run of Airflow works on a date, and how the last one failed."""
