"""What the steps need of Airflow; the only package that imports it for the DAGs."""
