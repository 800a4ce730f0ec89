"""docker-compose.yaml and the Dockerfile: valid, pinned, without a default password, nobody is root."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from daily_papers.environment_file import new_environment_file
from daily_papers.settings import Settings
from tests.conftest import REPOSITORY

COMPOSE_FILE = REPOSITORY / "docker-compose.yaml"
TEXT = COMPOSE_FILE.read_text()
SERVICES: dict[str, Any] = yaml.safe_load(TEXT)["services"]
SECRETS = {
    "POSTGRES_PASSWORD", "AIRFLOW_ADMIN_PASSWORD", "AIRFLOW_FERNET_KEY", "AIRFLOW_API_SECRET_KEY", "AIRFLOW_JWT_SECRET",
}  # fmt: skip


def environment_values(text: str) -> dict[str, str]:
    return dict(line.split("=", 1) for line in text.splitlines() if line and not line.startswith("#"))


def test_the_file_follows_the_compose_specification() -> None:
    checker = str(Path(sys.executable).with_name("check-jsonschema"))
    command = [checker, "--builtin-schema", "vendor.compose-spec", str(COMPOSE_FILE)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_services_are_those_of_airflow_and_start_after_setup() -> None:
    assert set(SERVICES) == {"postgres", "airflow-init", "api-server", "scheduler", "dag-processor", "triggerer"}
    for name in ("api-server", "scheduler", "dag-processor", "triggerer"):
        assert SERVICES[name]["depends_on"]["airflow-init"]["condition"] == "service_completed_successfully"
        assert SERVICES[name]["environment"]["AIRFLOW__CORE__EXECUTOR"] == "LocalExecutor"
        assert SERVICES[name]["command"] == [name]


def test_every_lasting_service_has_a_health_check() -> None:
    for name, service in SERVICES.items():
        assert service.get("healthcheck"), name
        assert bool(service["healthcheck"].get("disable")) == (name == "airflow-init")


def test_images_are_pinned_and_nobody_is_root() -> None:
    for service in SERVICES.values():
        assert re.fullmatch(r"[a-z-]+:\d+\.\d+[\w.-]*", service["image"])
        assert service["cap_drop"] == ["ALL"]
        assert "no-new-privileges:true" in service["security_opt"]
    assert SERVICES["postgres"]["user"] == "postgres"
    dockerfile = (REPOSITORY / "Dockerfile").read_text()
    assert re.search(r"^FROM python:3\.11\.\d+-slim-bookworm$", dockerfile, re.MULTILINE)
    users = re.findall(r"^USER (\w+)$", dockerfile, re.MULTILINE)
    assert users == ["airflow"]
    assert dockerfile.index("\nUSER ") < dockerfile.index("\nENTRYPOINT")
    assert "--require-hashes" in dockerfile


def test_there_is_no_default_for_a_secret_and_ports_stay_on_this_machine() -> None:
    for name in SECRETS:
        assert f"${{{name}:?" in TEXT
        assert f"${{{name}:-" not in TEXT
        assert f"${{{name}}}" not in TEXT
    for service in SERVICES.values():
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))


def test_generated_secrets_fill_the_example_and_differ_each_time() -> None:
    example = (REPOSITORY / ".env.example").read_text()
    assert not any(environment_values(example).values())
    first, second = (environment_values(new_environment_file(example)) for _ in range(2))
    assert {name for name, value in first.items() if value} == SECRETS
    assert all(first[name] != second[name] and len(first[name]) >= 16 for name in SECRETS)
    assert all(re.fullmatch(r"[\w=-]+", first[name]) for name in SECRETS)  # safe in an URL and in YAML


def test_every_setting_reaches_the_containers() -> None:
    passed = SERVICES["scheduler"]["environment"]
    for field in Settings.model_fields.values():
        if field.validation_alias != "DAILY_PAPERS_WAREHOUSE":  # in the data volume, always
            assert field.validation_alias in passed


def test_docker_itself_reads_the_file_where_it_is_installed(tmp_path: Path) -> None:
    if subprocess.run(["docker", "compose", "version"], capture_output=True, check=False).returncode:
        pytest.skip("needs the docker compose plugin (Debian: docker-compose-plugin or docker-compose-v2)")
    filled = tmp_path / ".env"
    filled.write_text(new_environment_file((REPOSITORY / ".env.example").read_text()))
    command = ["docker", "compose", "--file", str(COMPOSE_FILE), "--env-file"]
    done = subprocess.run([*command, str(filled), "config", "--format", "json"], capture_output=True, check=True)
    assert set(json.loads(done.stdout)["services"]) == set(SERVICES)
    refused = subprocess.run([*command, "/dev/null", "config"], capture_output=True, text=True, check=False)
    assert refused.returncode
    assert "run make env first" in refused.stderr
