"""Places of a trek file from a CSV."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from routes.errors import ModelError, TrekFileError
from routes.files import shown
from routes.io.points.csv import read_table
from routes.io.points.point_heights import number_of
from routes.io.trek.parts import NewDay, NewPlace, slug, unique
from routes.model.figures import Quantity, StatedFigure
from routes.model.kinds import PlaceKind


def from_table(source: Path) -> tuple[list[NewPlace], list[NewDay]]:
    """Places of a CSV, in order, and one day along them. Raises TrekFileError if a column or a value is wrong."""
    table = read_table(source)
    header = [name.strip().lower() for name in table.header]
    missing = {"name", "lon", "lat"} - set(header)
    if missing or len(table.rows) < 2:
        lacks = ", ".join(sorted(missing)) or "rows"
        msg = f"{shown(source)} needs two rows or more and the columns name, lon, lat; missing: {lacks}."
        raise TrekFileError(msg)
    twice = next((name for name in header if name and header.count(name) > 1), None)
    if twice is not None:
        msg = f"{shown(source)}, line 1: several columns are called {twice!r}; rename all but one."
        raise TrekFileError(msg)
    places: list[NewPlace] = []
    taken: set[str] = set()
    for number, (row, line) in enumerate(zip(table.rows, table.lines, strict=True), start=1):
        cells = {name: " ".join(cell.split()) for name, cell in zip(header, row, strict=True)}
        try:
            place = _place_of(cells, f"Place {number}", f"{source.name}, line {line}", taken)
        except ValueError as error:  # ModelError too
            msg = f"{shown(source)}, line {line}: {error}"
            raise TrekFileError(msg.rstrip(".") + ".") from error
        taken.add(place.id)
        places.append(place)
    stops = tuple(place.id for place in places)
    leg_id = f"{stops[0]}-{stops[-1]}"[:80].strip("-")
    return places, [NewDay(number=1, title="TODO", leg_id=leg_id, stops=stops)]


def _place_of(cells: Mapping[str, str], fallback: str, where: str, taken: Iterable[str]) -> NewPlace:
    """Place from a row of a table. Raises ValueError with what is wrong in the row."""
    lon, lat = (_number(cells, name) for name in ("lon", "lat"))
    if not (-180.0 <= lon <= 180.0 and -90.0 <= lat <= 90.0):
        msg = f"longitude {lon}, latitude {lat} is not on Earth; longitude comes first"
        raise ValueError(msg)
    has_uncertainty = bool(cells.get("position_uncertainty_m"))
    uncertainty = _number(cells, "position_uncertainty_m") if has_uncertainty else 100.0
    if not 0.0 < uncertainty <= 100_000.0:
        msg = f"position_uncertainty_m must be more than 0 and at most 100,000, not {uncertainty:g}"
        raise ValueError(msg)
    kind = cells.get("kind", "").lower() or "site"
    if kind not in PlaceKind.__members__.values():
        msg = f"kind {kind!r} is not allowed; allowed: {', '.join(PlaceKind)}"
        raise ValueError(msg)
    source, stated = cells.get("source", ""), _stated(cells, where)
    unused = f": {source}" if source and stated is None else ""
    return NewPlace(
        id=unique(slug(cells["name"], slug(fallback, "place")), taken),
        name=cells["name"] or fallback,
        kind=kind,
        lon=lon,
        lat=lat,
        uncertainty_m=uncertainty,
        source=cells.get("position_source") or f"TODO ({where}{unused})",
        stated=stated,
    )


def _number(cells: Mapping[str, str], name: str) -> float:
    try:
        return number_of(cells[name])
    except ValueError as error:
        msg = f"{name} must be a number with a decimal point: {error}"
        raise ValueError(msg) from error


def _stated(cells: Mapping[str, str], where: str) -> StatedFigure | None:
    """Stated height in a row, such as ``2,550 m (8,366 ft)``."""
    printed = cells.get("stated", "")
    if not printed:
        return None
    first, _, second = printed.partition("(")
    try:
        return StatedFigure(
            quantity=Quantity.ELEVATION,
            value=first.strip(),
            also=second.strip(" )") or None,
            source=cells.get("source") or f"TODO ({where})",
        )
    except ModelError as error:
        msg = f"stated {printed!r}: {error}"
        raise ValueError(msg) from error
