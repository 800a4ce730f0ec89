"""The warehouse's tables as Parquet files, for sharing and for tools that cannot open the database."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq

from daily_papers.lake.library import Library
from daily_papers.warehouse.publication import open_for_reading
from daily_papers.warehouse.schema import markdown_documentation
from daily_papers.writing.output_folder import claim_folder


def export_tables(library: Library, folder: Path) -> int:
    """Writes every table but the search index's, and `SCHEMA.md`, into a folder of its own.

    Returns:
        The number of tables.

    Raises:
        UserError: nothing was loaded yet, or the folder holds other things.
    """
    with open_for_reading(library) as connection:
        names = [
            name
            for (name,) in connection.execute(
                "SELECT table_name FROM duckdb_tables() WHERE NOT starts_with(table_name, 'search_') ORDER BY ALL"
            ).fetchall()
        ]
        claim_folder(folder, "tables")
        for name in names:
            reader = connection.sql(f"FROM {name}").to_arrow_reader()
            with pq.ParquetWriter(folder / f"{name}.parquet", reader.schema, compression="zstd") as writer:
                for batch in reader:
                    writer.write_batch(batch)
    (folder / "SCHEMA.md").write_text(f"# The tables\n\n{markdown_documentation(names)}", encoding="utf-8")
    return len(names)
