"""Every setting of the pipeline, read from the environment (`.env.example` lists them all)."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from upath import UPath

from daily_papers.errors import UserError

_OWN_PARAMETERS = frozenset(
    {"model", "messages", "response_format", "stream", "stream_options", "n", "max_completion_tokens"}
)
ARXIV_INTERVAL = 3.0
"""Seconds between requests that arXiv's terms of use ask for (one connection at a time)."""


def checked_address(value: str) -> str:
    """An http(s) address without a trailing slash.

    Raises:
        ValueError: another scheme, no host, or a user name or password in it (they would end up in logs).
    """
    parts = urlsplit(value.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must start with http:// or https://")
    if parts.username or parts.password:
        raise ValueError("must not contain a user name or password")
    return value.strip().rstrip("/")


class Settings(BaseSettings):
    """Settings of one process. Names are the ecosystem's where it has them, else `DAILY_PAPERS_…`."""

    # by alias alone: by name, HOME and LANGUAGE of every shell would be ours
    model_config = SettingsConfigDict(env_file=None, extra="ignore", env_ignore_empty=True, frozen=True)

    home: str = Field("./data", validation_alias="DAILY_PAPERS_HOME")
    """Where `lake/` and `digests/` live: a local path or a URL that universal-pathlib understands."""
    warehouse: Path | None = Field(None, validation_alias="DAILY_PAPERS_WAREHOUSE")
    """Local path of the published DuckDB file; default `warehouse.duckdb` inside the home."""
    model: str = Field("gpt-4o-mini", validation_alias="DAILY_PAPERS_MODEL")
    language: str = Field("ko", validation_alias="DAILY_PAPERS_LANGUAGE")
    concurrency: int = Field(64, ge=1, le=500, validation_alias="DAILY_PAPERS_CONCURRENCY")
    """Calls to models under way at once, of all tasks, dates and runs on this machine together; fewer where a provider
    limits its rate."""
    timeout_seconds: float = Field(120.0, gt=0, validation_alias="DAILY_PAPERS_TIMEOUT_SECONDS")
    """Longest wait for one answer of the model."""
    max_retries: int = Field(3, ge=0, le=10, validation_alias="DAILY_PAPERS_MAX_RETRIES")
    """Transport retries of the openai SDK within one call (it honours `Retry-After`)."""
    retry_delay_seconds: float = Field(10.0, ge=0, validation_alias="DAILY_PAPERS_RETRY_DELAY_SECONDS")
    """Wait before Airflow's second try of a task; doubles with each try."""
    output_tokens: int = Field(8000, ge=500, validation_alias="DAILY_PAPERS_OUTPUT_TOKENS")
    """Longest answer of the model, in its tokens; what it thinks before it answers counts, too."""
    bounded_schema: bool = Field(default=False, validation_alias="DAILY_PAPERS_BOUNDED_SCHEMA")
    """Whether the JSON schema limits lengths: small models need it, OpenAI's strict mode does not know it."""
    json_mode: Literal["json_schema", "json_object", "text"] = Field(
        "json_schema", validation_alias="DAILY_PAPERS_JSON_MODE"
    )
    """How the model is told the form of its answer: as a schema, else in the prompt, with JSON mode or without. Where a
    provider refuses one, the next is tried by itself."""
    request_extra: Annotated[dict[str, Any], NoDecode] = Field({}, validation_alias="DAILY_PAPERS_REQUEST_EXTRA")
    """Parameters added to every request, a JSON object (`{"reasoning_effort": "low"}`): part of the question."""
    request_without: Annotated[tuple[str, ...], NoDecode] = Field((), validation_alias="DAILY_PAPERS_REQUEST_WITHOUT")
    """Parameters that are never sent, names with commas between them; one that is refused is left out by itself."""
    max_usd_per_run: float | None = Field(None, ge=0, validation_alias="DAILY_PAPERS_MAX_USD_PER_RUN")
    """A run asks no more when its next call could cost more than is left of this; None: no limit."""
    max_tokens_per_run: int | None = Field(None, ge=0, validation_alias="DAILY_PAPERS_MAX_TOKENS_PER_RUN")
    """The same for tokens, input and output together."""

    verifier_model: str | None = Field(None, validation_alias="DAILY_PAPERS_VERIFIER_MODEL")
    """The second reader, which judges every statement of a summary (docs/grounding.md); None: there is none."""
    verifier_base_url: str | None = Field(None, validation_alias="DAILY_PAPERS_VERIFIER_BASE_URL")
    """Where the second reader is reached; None: where the model is, or at OpenAI's where it has a key of its own."""
    verifier_api_key: SecretStr | None = Field(None, validation_alias="DAILY_PAPERS_VERIFIER_API_KEY")
    """Its key; None: the model's, unless it has an address of its own."""

    source: Literal["full_text", "abstract"] = Field("full_text", validation_alias="DAILY_PAPERS_SOURCE")
    """What summaries rest on; `abstract` asks arXiv for nothing."""
    source_tokens: int = Field(20_000, ge=1000, validation_alias="DAILY_PAPERS_SOURCE_TOKENS")
    """Longest text of a paper in a request; references, appendices and so on are left out until it fits."""
    arxiv_endpoint: str = Field("https://arxiv.org", validation_alias="DAILY_PAPERS_ARXIV_ENDPOINT")
    arxiv_interval_seconds: float = Field(3.0, ge=0, validation_alias="DAILY_PAPERS_ARXIV_INTERVAL_SECONDS")
    """Time between two requests to arXiv, from all processes of this machine together."""
    contact: str | None = Field(None, validation_alias="DAILY_PAPERS_CONTACT")
    """Contact address (e-mail or URL) sent to arXiv in the User-Agent."""

    hf_endpoint: str = Field("https://huggingface.co", validation_alias="HF_ENDPOINT")
    hf_token: SecretStr | None = Field(None, validation_alias="HF_TOKEN")
    openai_api_key: SecretStr | None = Field(None, validation_alias="OPENAI_API_KEY")
    openai_base_url: str | None = Field(None, validation_alias="OPENAI_BASE_URL")

    @field_validator("hf_endpoint", "openai_base_url", "verifier_base_url", "arxiv_endpoint")
    @classmethod
    def _checked_address(cls, value: str | None) -> str | None:
        return checked_address(value) if value else value

    @field_validator("hf_token", "openai_api_key", "verifier_api_key", mode="before")
    @classmethod
    def _without_blanks(cls, value: object) -> object:
        return value.strip() if isinstance(value, str) else value

    @field_validator("contact")
    @classmethod
    def _fits_a_header(cls, value: str | None) -> str | None:
        if value is not None and not (value.isascii() and value.isprintable()):
            raise ValueError("must be ASCII on one line: it goes into a header")
        return value

    @property
    def extra_output_tokens(self) -> int:
        """The limit of an answer that `request_extra` names, for servers that know no other; 0 for none."""
        most = self.request_extra.get("max_tokens")
        return most if isinstance(most, int) else 0

    @property
    def _named_home(self) -> str:
        from daily_papers.environment_file import with_place

        return f"DAILY_PAPERS_HOME={self.home}" + with_place("DAILY_PAPERS_HOME").removeprefix("DAILY_PAPERS_HOME")

    @property
    def secrets(self) -> list[str]:
        """Keys that no file may hold."""
        keys = (self.openai_api_key, self.verifier_api_key, self.hf_token)
        return [one.get_secret_value() for one in keys if one is not None]

    @property
    def for_verifier(self) -> Settings:
        """The same settings with the second reader in the model's place, without the parameters that are the model's;
        at another address, also without what that of the model takes. Only where `verifier_model` is set."""
        its_own: dict[str, Any] = {"model": self.verifier_model, "request_extra": {}}
        if self.verifier_base_url is not None:
            its_own |= {"json_mode": "json_schema", "request_without": ()}
        return self.model_copy(update=its_own)

    @model_validator(mode="after")
    def _polite_to_arxiv(self) -> Settings:
        host = urlsplit(self.arxiv_endpoint).hostname or ""
        if (host == "arxiv.org" or host.endswith(".arxiv.org")) and self.arxiv_interval_seconds < ARXIV_INTERVAL:
            raise ValueError(f"DAILY_PAPERS_ARXIV_INTERVAL_SECONDS: arXiv asks for at least {ARXIV_INTERVAL:.0f}")
        return self

    @field_validator("request_extra", mode="before")
    @classmethod
    def _is_an_object(cls, value: object) -> object:
        try:
            parsed = json.loads(value) if isinstance(value, str) else value
            json.dumps(parsed, allow_nan=False, ensure_ascii=False).encode()  # no NaN, no half a character
        except (ValueError, RecursionError):
            parsed = None
        if not isinstance(parsed, dict):
            raise ValueError('must be a JSON object, for example {"reasoning_effort": "low"}')  # noqa: TRY004  # pydantic's
        if owned := sorted(_OWN_PARAMETERS & set(parsed)):
            raise ValueError(f"must not contain {', '.join(owned)}")
        return parsed

    @field_validator("request_without", mode="before")
    @classmethod
    def _are_names(cls, value: object) -> object:
        names = tuple(filter(None, re.split(r"[\s,]+", value))) if isinstance(value, str) else value
        if isinstance(names, tuple) and (owned := sorted({"model", "messages"} & set(names))):
            raise ValueError(f"must not contain {', '.join(owned)}")
        if isinstance(names, tuple) and "response_format" in names:
            raise ValueError("must not contain response_format: set DAILY_PAPERS_JSON_MODE=text instead")
        return names

    @field_validator("language")
    @classmethod
    def _known_language(cls, value: str) -> str:
        from daily_papers.sections import LANGUAGES

        if value not in LANGUAGES:
            raise ValueError(f"must be one of {', '.join(LANGUAGES)}")
        return value

    @property
    def home_path(self) -> UPath:
        """The home as a path; a local one is made absolute.

        Raises:
            UserError: it is not a path or address that can be opened here.
        """
        try:
            path = UPath(self.home)
            if path.protocol not in ("", "file"):
                _ = path.fs  # loads the package for its protocol
                return path
            return UPath(Path(path.path).expanduser().absolute())
        except ImportError as error:
            raise UserError(f"{self._named_home} needs a package that is not installed: {error}.") from None
        except (ValueError, OSError, RuntimeError) as error:
            raise UserError(f"{self._named_home} cannot be opened: {str(error).rstrip('.')}.") from None

    @property
    def warehouse_path(self) -> Path:
        """The stable name of the published warehouse (a link to its newest version), always local.

        Raises:
            UserError: it is not a path that DuckDB can open.
        """
        if self.warehouse is not None:
            try:
                path = self.warehouse.expanduser().absolute()
            except RuntimeError as error:  # `~` of nobody
                raise UserError(f"DAILY_PAPERS_WAREHOUSE={self.warehouse} cannot be opened: {error}") from None
        elif self.home_path.protocol not in ("", "file"):
            raise UserError("DAILY_PAPERS_HOME is not a local path: set DAILY_PAPERS_WAREHOUSE to one.")
        else:
            path = Path(self.home_path.path) / "warehouse.duckdb"
        if "?" in str(path):  # DuckDB takes what follows for the query of a URL
            raise UserError(
                f"DuckDB cannot open a path with a question mark: {path}. Set DAILY_PAPERS_WAREHOUSE to another one."
            )
        return path

    @property
    def lock_directory(self) -> Path:
        """Local folder of the lock files, beside the warehouse."""
        return self.warehouse_path.parent / ".locks"


def load_settings() -> Settings:
    """Settings from the environment.

    Raises:
        UserError: a variable holds a value that cannot be used; the message names it.
    """
    from pydantic import ValidationError

    from daily_papers.environment_file import with_place

    try:
        return Settings()  # type: ignore[call-arg]  # pydantic fills the fields from the environment
    except ValidationError as error:
        found = [([with_place(str(name)) for name in one["loc"][:1]], one) for one in error.errors()]
        problems = "; ".join(": ".join([*place, one["msg"]]) for place, one in found)
        raise UserError(f"A setting cannot be used: {problems}. See .env.example.") from None
