"""Add height columns to a CSV file of points."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from routes._typing import FloatArray
from routes.errors import PointFileError
from routes.files import shown, write_text
from routes.io.points.point_heights import (
    COLUMNS,
    PointHeight,
    check_positions,
    number_of,
    read_text,
)

LON_NAMES = ("lon", "longitude", "lng", "x")
"""Names of a longitude column, best first; case does not matter."""

LAT_NAMES = ("lat", "latitude", "y")
"""Names of a latitude column."""


@dataclass(frozen=True, slots=True)
class CSVTable:
    """A CSV file as text."""

    mark: str
    """Byte order mark to write back; empty if there is none."""

    delimiter: str
    """Comma, semicolon or tab."""

    newline: str
    """Line ending."""

    header: tuple[str, ...]
    """Column names."""

    rows: tuple[tuple[str, ...], ...]
    """Fields of each row, one per column."""

    lines: tuple[int, ...]
    """Line of the file where each row ends."""


@dataclass(frozen=True, slots=True, eq=False)
class CSVPoints:
    """Rows of a CSV file, each with a position."""

    path: Path
    """The file."""

    table: CSVTable
    """Its rows."""

    lon_deg: FloatArray
    """Longitudes, degrees WGS 84."""

    lat_deg: FloatArray
    """Latitudes, degrees WGS 84."""

    def elevated(self, heights: Sequence[PointHeight]) -> str:
        """Text of the table with the columns ``height_m, product, vertical_datum, le90_m, is_void``.

        Existing columns of these names are replaced; others are added at the end. Unknown values are empty.
        """
        present = [name.strip().lower() for name in self.table.header]
        added = [name for name in COLUMNS if name not in present]
        out = io.StringIO(newline="")
        writer = csv.writer(out, delimiter=self.table.delimiter, lineterminator=self.table.newline)
        writer.writerow([*self.table.header, *added])
        for row, height in zip(self.table.rows, heights, strict=True):
            cells = {name: _cell(getattr(height, name)) for name in COLUMNS}
            kept = [cells.get(name, field) for name, field in zip(present, row, strict=True)]
            writer.writerow([*kept, *(cells[name] for name in added)])
        return out.getvalue()

    def write(self, heights: Sequence[PointHeight], out: Path, *, overwrite: bool = False) -> None:
        """Write the table with heights.

        Raises OutputError if `out` exists (unless `overwrite`) or cannot be written.
        """
        write_text(out, self.table.mark + self.elevated(heights), overwrite=overwrite)


def read_csv_points(path: Path) -> CSVPoints:
    """Read a CSV file with a longitude and a latitude column (degrees, WGS 84).

    Raises PointFileError, with the line, if the file cannot be read, lacks a column, or has a row without a
    position on Earth.
    """
    table = read_table(path)
    header, rows, lines = table.header, table.rows, table.lines
    columns = _column(path, header, LON_NAMES), _column(path, header, LAT_NAMES)
    positions = []
    for row, line in zip(rows, lines, strict=True):
        try:
            positions.append([number_of(row[column]) for column in columns])
        except ValueError as error:
            names = " and ".join(header[column] for column in columns)
            msg = f"{path}, line {line}: {names} must be degrees with a decimal point; {error}."
            raise PointFileError(msg) from error
    lon, lat = np.array(positions, dtype=np.float64).T
    check_positions(path, lon, lat, lambda number: f"line {lines[number]}")
    return CSVPoints(path, table, lon, lat)


def read_table(path: Path) -> CSVTable:
    """Read a CSV file: a line of column names, then rows with as many fields; blank lines are skipped.

    Fields are separated by comma, semicolon or tab. Encodings are UTF-8, and UTF-16 or UTF-32 with a byte
    order mark. Raises PointFileError, with the line, if the file cannot be read, has no data, or a row has
    the wrong number of fields.
    """
    mark, text = read_text(path)
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[tuple[str, ...]] = []
    lines: list[int] = []
    try:
        for fields in reader:
            if fields:
                rows.append(tuple(fields))
                lines.append(reader.line_num)
    except csv.Error as error:
        msg = f"{shown(path)}, line {reader.line_num}, is not CSV: {error}."
        raise PointFileError(msg) from error
    if len(rows) < 2:
        msg = (
            f"{shown(path)} has no row of data; it needs a line of column names, then a line for each point."
        )
        raise PointFileError(msg)
    header = rows[0]
    for row, line in zip(rows, lines, strict=True):
        if len(row) != len(header):
            msg = f"{shown(path)}, line {line}: {len(row)} fields under {len(header)} column names."
            raise PointFileError(msg)
    newline = "\r\n" if first.endswith("\r") else "\n"
    return CSVTable(mark, delimiter, newline, header, tuple(rows[1:]), tuple(lines[1:]))


def _column(path: Path, header: Sequence[str], names: Sequence[str]) -> int:
    present = [name.strip().lower() for name in header]
    for name in names:
        if present.count(name) > 1:
            msg = f"{path}, line 1: {present.count(name)} columns are called {name}; rename all but one."
            raise PointFileError(msg)
        if name in present:
            return present.index(name)
    found = ", ".join(header)[:200]
    msg = f"{path}, line 1: no column is called {', '.join(names[:-1])} or {names[-1]}; the columns are {found}."
    raise PointFileError(msg)


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
