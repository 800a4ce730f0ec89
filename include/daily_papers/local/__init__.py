"""Airflow on one machine: `make demo`, `make up`, containers."""
