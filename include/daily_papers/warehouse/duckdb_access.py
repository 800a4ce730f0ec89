"""What every use of DuckDB here shares: its settings, and the bundled statements."""

from __future__ import annotations

from importlib.resources import files

Config = dict[str, str | bool | int | float | list[str]]

OFFLINE: Config = {
    "autoload_known_extensions": "false",
    "autoinstall_known_extensions": "false",
    "python_enable_replacements": "false",
}
"""Settings of every connection: nothing is ever downloaded, and no variable of Python is taken for a table."""
GUARDED: Config = {**OFFLINE, "allow_community_extensions": "false", "allow_persistent_secrets": "false"}
"""Settings of connections that read; the caller switches `enable_external_access` off, once it has opened its file."""
CLOSED: Config = {**GUARDED, "enable_external_access": "false"}
"""Settings of connections that read: no file but the warehouse, no network."""


def statements(*names: str) -> str:
    """The bundled SQL files of these names, one after the other."""
    folder = files("daily_papers.warehouse").joinpath("sql")
    return "".join(folder.joinpath(f"{name}.sql").read_text(encoding="utf-8") for name in names)


def is_damage(error: Exception) -> bool:
    """Whether an error of DuckDB says that the database file itself cannot be read, rather than what a query got wrong.

    DuckDB reports a checksum that does not match as a bare Error, another file than a database as IOException, and what
    it cannot make sense of as SerializationException, InternalException or FatalException (measured on 2.0.0).
    """
    import duckdb

    kinds = (duckdb.IOException, duckdb.SerializationException, duckdb.InternalException, duckdb.FatalException)
    return type(error) is duckdb.Error or isinstance(error, kinds)
