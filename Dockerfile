# Airflow with Daily Papers, from the same hash-pinned requirements as everywhere else.
FROM python:3.11.13-slim-bookworm

ENV PYTHONUNBUFFERED=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    AIRFLOW_HOME=/opt/airflow \
    AIRFLOW__CORE__DAGS_FOLDER=/opt/daily-papers/dags \
    AIRFLOW__CORE__PLUGINS_FOLDER=/opt/daily-papers/plugins \
    AIRFLOW__CORE__LOAD_EXAMPLES=False \
    DAILY_PAPERS_HOME=/data

WORKDIR /opt/daily-papers

COPY requirements.txt ./
RUN pip install --require-hashes -r requirements.txt

COPY pyproject.toml README.md LICENSE ./
COPY include ./include
COPY dags ./dags
COPY plugins ./plugins
RUN pip install --no-deps --editable . && python -m compileall -q include dags plugins

# no shell, no root: the data and Airflow's home are the only places it can write to
RUN useradd --uid 50000 --no-create-home --home-dir /opt/airflow --shell /usr/sbin/nologin airflow \
    && mkdir -p /opt/airflow/logs /data && chown -R airflow:airflow /opt/airflow /data
USER airflow

ENTRYPOINT ["python", "-m", "airflow"]
CMD ["version"]
