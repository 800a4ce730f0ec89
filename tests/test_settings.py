import re
from pathlib import Path

import pytest

from daily_papers.errors import UserError
from daily_papers.settings import Settings, load_settings
from tests.conftest import REPOSITORY


def test_the_example_file_lists_every_setting() -> None:
    text = (REPOSITORY / ".env.example").read_text()
    listed = set(re.findall(r"^#?\s?([A-Z_]+)=", text, re.MULTILINE))
    named = {field.validation_alias for field in Settings.model_fields.values()}
    assert named <= listed


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OPENAI_BASE_URL", "localhost:8000/v1"),
        ("OPENAI_BASE_URL", "http://user:password@localhost/v1"),
        ("HF_ENDPOINT", "huggingface.co"),
        ("DAILY_PAPERS_LANGUAGE", "xx"),
        ("DAILY_PAPERS_CONCURRENCY", "0"),
        ("DAILY_PAPERS_JSON_MODE", "xml"),
        ("DAILY_PAPERS_REQUEST_WITHOUT", "messages"),
        ("DAILY_PAPERS_REQUEST_WITHOUT", "seed, response_format"),
        ("DAILY_PAPERS_REQUEST_EXTRA", "reasoning_effort=low"),
        ("DAILY_PAPERS_REQUEST_EXTRA", '{"model": "another"}'),
        ("DAILY_PAPERS_REQUEST_EXTRA", '{"temperature": NaN}'),
        ("DAILY_PAPERS_REQUEST_EXTRA", "[" * 10_000),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(UserError, match=name) as caught:
        load_settings()
    assert "password@" not in str(caught.value)


def test_variables_that_are_not_ours_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DAILY_PAPERS_HOME")
    monkeypatch.chdir(tmp_path)
    for name, field in Settings.model_fields.items():
        if name.upper() != field.validation_alias:
            monkeypatch.setenv(name.upper(), "en_US:en")
    settings = load_settings()
    assert str(settings.home_path) == str(tmp_path / "data")
    assert (settings.language, settings.model, settings.concurrency) == ("ko", "gpt-4o-mini", 64)


def test_empty_variables_count_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "")
    assert load_settings().openai_api_key is None


def test_keys_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret-0123456789")
    monkeypatch.setenv("HF_TOKEN", "hf_secret0123456789")
    assert "secret" not in f"{load_settings()!r} {load_settings()}"


def test_a_remote_home_needs_a_local_warehouse(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAILY_PAPERS_HOME", "memory://bucket/home")
    with pytest.raises(UserError, match="DAILY_PAPERS_WAREHOUSE"):
        _ = load_settings().warehouse_path
