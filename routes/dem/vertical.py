"""Convert heights between vertical datums with PROJ's grids; a missing grid is an error.

PROJ's wheels contain no geoid grids. By default PROJ then falls back to a *ballpark* operation that returns
heights unchanged. Here ballpark operations are disabled, and each operation must shift heights by a grid.
"""

import math
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike
from pyproj import Transformer, datadir
from pyproj.crs import CoordinateOperation  # type: ignore[attr-defined]  # re-exported without __all__
from pyproj.datadir import get_user_data_dir  # type: ignore[attr-defined]  # likewise
from pyproj.exceptions import ProjError
from pyproj.network import is_network_enabled, set_network_enabled  # type: ignore[attr-defined]  # likewise
from pyproj.transformer import TransformerGroup

from routes._typing import BoolArray, FloatArray
from routes.errors import DatumError, InvalidCoordinatesError
from routes.kernel._check import check_lonlat
from routes.model.figures import VerticalDatum

_CRS = {
    VerticalDatum.EGM96: "EPSG:4326+5773",
    VerticalDatum.EGM2008: "EPSG:4326+3855",
    VerticalDatum.NAVD88: "EPSG:4326+5703",
    VerticalDatum.NGVD29: "EPSG:4326+7968",
    VerticalDatum.ELLIPSOID: "EPSG:4979",
}
"""WGS 84 positions, heights in metres. NGVD29 is EPSG:7968; 5702 is the same datum in US survey feet."""


@dataclass(frozen=True, slots=True)
class GridFile:
    """A grid that a conversion needs."""

    name: str
    """File name that PROJ looks for, such as ``"us_nga_egm96_15.tif"``."""

    url: str
    """Download address; empty if PROJ knows none."""

    is_available: bool
    """Whether PROJ has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversionStatus:
    """Whether heights can be converted between two datums now, and what is missing."""

    source: VerticalDatum
    """Datum to convert from."""

    target: VerticalDatum
    """Datum to convert to."""

    is_available: bool
    """Whether every step has its grid for at least one area (a national datum can have several)."""

    grids: tuple[GridFile, ...]
    """Grids in use or, for a step without one, suitable grids, one per area; empty for equal datums."""

    how_to_get: str
    """What is missing and how to get it; empty if `is_available`."""


def convert_heights(
    height_m: ArrayLike,
    lon_deg: ArrayLike,
    lat_deg: ArrayLike,
    *,
    source: VerticalDatum,
    target: VerticalDatum,
    allow_network: bool = False,
) -> FloatArray:
    """Heights (metres) in another vertical datum; never the unchanged heights of a failed conversion.

    NaN stays NaN. Each position uses PROJ's first operation whose grids are available and whose area of use
    covers it. NGVD29 goes via NAVD88, the only datum it has operations to. EPSG's accuracies are 1 m between
    the ellipsoid and EGM96 or EGM2008, and 1 to 4 m between it and NAVD88, where NAD83 is mostly treated as
    WGS 84.

    `allow_network` lets PROJ read missing grids from https://cdn.proj.org for this call; otherwise PROJ's own
    setting (``PROJ_NETWORK``, off by default) applies. Raises DatumError if a datum is UNKNOWN, a grid is
    missing or unreadable (the message names it and how to get it), or no operation covers a position. Raises
    InvalidCoordinatesError if shapes differ, a position is not on Earth, or a height is infinite.

    >>> here = VerticalDatum.EGM96
    >>> convert_heights([4450.0, float("nan")], [-72.1, -72.1], [-13.2, -13.1], source=here, target=here)
    array([4450.,   nan])
    """
    lon, lat = check_lonlat(lon_deg, lat_deg)
    height = np.array(height_m, dtype=np.float64)
    if height.shape != lon.shape:
        msg = f"Heights have shape {height.shape}, positions {lon.shape}; give one height for each position."
        raise InvalidCoordinatesError(msg)
    if np.isinf(height).any():
        first = int(np.argmax(np.isinf(height)))
        msg = f"{int(np.isinf(height).sum())} of {height.size} heights are infinite, the first is number {first}."
        raise InvalidCoordinatesError(msg)
    known = ~np.isnan(height)
    steps = _steps(source, target)
    if known.any():
        with _network(is_allowed=allow_network):
            for one, other in steps:
                height[known] = _step(height[known], lon[known], lat[known], one, other)
    return height


def describe_conversion(source: VerticalDatum, target: VerticalDatum) -> ConversionStatus:
    """Whether `convert_heights` can convert between two datums, with which grids, and how to get them.

    Makes no request. Raises DatumError if a grid file is broken.

    >>> describe_conversion(VerticalDatum.EGM96, VerticalDatum.EGM96).is_available
    True
    >>> describe_conversion(VerticalDatum.UNKNOWN, VerticalDatum.EGM96).how_to_get
    'A height of unknown vertical datum cannot be converted; state the datum that its source names.'
    """
    try:
        steps = _steps(source, target)
    except DatumError as error:
        return ConversionStatus(
            source=source, target=target, is_available=False, grids=(), how_to_get=str(error)
        )
    grids: dict[str, GridFile] = {}
    needs = []
    for one, other in steps:
        usable, missing = _operations(one, other)
        if usable:
            operations = [operation for transformer in usable for operation in transformer.operations or ()]
        else:
            operations = _one_for_each_area(missing)
            needs.append(_needs(one, other, operations))
        grids |= {grid.name: grid for operation in operations for grid in _grids(operation)}
    return ConversionStatus(
        source=source,
        target=target,
        is_available=not needs,
        grids=tuple(grids.values()),
        how_to_get=" ".join(needs),
    )


def _steps(source: VerticalDatum, target: VerticalDatum) -> tuple[tuple[VerticalDatum, VerticalDatum], ...]:
    """Pairs of datums that PROJ can convert directly; none for equal datums."""
    if VerticalDatum.UNKNOWN in (source, target):
        msg = "A height of unknown vertical datum cannot be converted; state the datum that its source names."
        raise DatumError(msg)
    if source is target:
        return ()
    if VerticalDatum.NGVD29 in (source, target) and VerticalDatum.NAVD88 not in (source, target):
        return (source, VerticalDatum.NAVD88), (VerticalDatum.NAVD88, target)
    return ((source, target),)


def _step(
    height: FloatArray, lon: FloatArray, lat: FloatArray, source: VerticalDatum, target: VerticalDatum
) -> FloatArray:
    """Convert known heights by one step."""
    usable, missing = _operations(source, target)
    out = np.full(height.shape, np.nan)
    for transformer in usable:
        todo = np.isnan(out) & _covers(transformer.area_of_use, lon, lat)
        if todo.any():
            *_, moved = transformer.transform(lon[todo], lat[todo], height[todo])
            out[todo] = np.where(np.isfinite(moved), moved, np.nan)  # PROJ returns inf where it fails
            if is_network_enabled() and np.isnan(out[todo]).any():
                first = int(np.argmax(todo & np.isnan(out)))
                _raise_if_offline(transformer, (lon[first], lat[first], height[first]))
    bad = np.isnan(out)
    if bad.any():
        first = int(np.argmax(bad))
        why = _why(usable, missing, (source, target), (lon[first], lat[first], height[first]))
        msg = (
            f"{int(bad.sum())} of {bad.size} heights cannot be converted from {source} to {target}, the first at "
            f"longitude {lon[first]}, latitude {lat[first]}. {why}"
        )
        raise DatumError(msg)
    return out


def _why(
    usable: list[Transformer],
    missing: list[CoordinateOperation],
    datums: tuple[VerticalDatum, VerticalDatum],
    at: tuple[float, float, float],
) -> str:
    """Why the conversion failed at a position, and what to do."""
    lon, lat = np.array(at[:1]), np.array(at[1:2])
    for transformer in usable:
        if _covers(transformer.area_of_use, lon, lat).all():
            return _failure(transformer, at)
    here = [operation for operation in missing if _covers(operation.area_of_use, lon, lat).all()]
    if here:
        return _needs(*datums, here[:1])
    return f"PROJ knows no operation from {datums[0]} to {datums[1]} there; keep the height in its own datum."


def _raise_if_offline(transformer: Transformer, at: tuple[float, float, float]) -> None:
    """Stop at the first failed request; every further operation would wait for the network again."""
    why = _failure(transformer, at)
    if "network" in why.partition(". ")[0].lower():
        raise DatumError(why)


def _failure(transformer: Transformer, at: tuple[float, float, float]) -> str:
    """PROJ's message about a position that it could not transform."""
    names = [grid.name for operation in transformer.operations or () for grid in _grids(operation)]
    try:
        transformer.transform(*at, errcheck=True)
    except ProjError as error:
        return f"PROJ could not use {' and '.join(names)}: {error}. {_how(names)}"
    return f"{' and '.join(names)} has no value there."


def _operations(
    source: VerticalDatum, target: VerticalDatum
) -> tuple[list[Transformer], list[CoordinateOperation]]:
    """Operations with all their grids, in PROJ's order, and those without, easiest to get first."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # that a better operation lacks a grid
            group = TransformerGroup(_CRS[source], _CRS[target], always_xy=True, allow_ballpark=False)
    except ProjError as error:  # it looks for names, then opens the files
        folders = f"{datadir.get_data_dir()} and {get_user_data_dir()}"
        msg = f"A grid for {source} to {target} is there but broken; replace it (look in {folders}). PROJ says: {error}"
        raise DatumError(msg) from error
    usable = [transformer for transformer in group.transformers if _shifts_by_grid(transformer)]
    return usable, sorted(group.unavailable_operations, key=_effort)


def _shifts_by_grid(transformer: Transformer) -> bool:
    """Whether an operation needs a grid to shift heights (``@`` marks an optional one)."""
    definition = transformer.definition
    return (
        "proj=vgridshift" in definition
        and "grids=@" not in definition
        and "ballpark" not in transformer.description.lower()
    )


def _effort(operation: CoordinateOperation) -> tuple[bool, int, float, float]:
    """Sort key for grids to get: downloadable first, then few files, large area, high accuracy."""
    missing = [grid for grid in _grids(operation) if not grid.is_available]
    area = operation.area_of_use
    width = 360.0 if area is None else (area.east - area.west) % 360.0 or 360.0
    height = 180.0 if area is None else area.north - area.south
    accuracy = operation.accuracy if operation.accuracy >= 0.0 else math.inf
    return any(not grid.url for grid in missing), len(missing), -width * height, accuracy


def _one_for_each_area(operations: Sequence[CoordinateOperation]) -> list[CoordinateOperation]:
    """Operations, in order of preference, whose area's centre lies outside all earlier areas."""
    chosen: list[CoordinateOperation] = []
    for operation in operations:
        area = operation.area_of_use
        west, width, lat = (-180.0, 360.0, 0.0) if area is None else (
            area.west, (area.east - area.west) % 360.0 or 360.0, (area.south + area.north) / 2.0
        )  # fmt: skip
        middle = np.array([(west + width / 2.0 + 180.0) % 360.0 - 180.0]), np.array([lat])
        if not any(_covers(other.area_of_use, *middle).all() for other in chosen):
            chosen.append(operation)
    return chosen


def _grids(operation: CoordinateOperation) -> tuple[GridFile, ...]:
    return tuple(GridFile(grid.short_name, grid.url, bool(grid.available)) for grid in operation.grids)


def _needs(source: VerticalDatum, target: VerticalDatum, operations: Sequence[CoordinateOperation]) -> str:
    """Sentences that name the missing grids (by area if there are several) and how to get them."""
    wanted = [[grid for grid in _grids(operation) if not grid.is_available] for operation in operations]
    if not wanted:
        return f"PROJ knows no operation from {source} to {target}."
    by_area = []
    for operation, grids in zip(operations, wanted, strict=True):
        files = " and ".join(f"{grid.name} ({grid.url or 'no download known'})" for grid in grids)
        area = operation.area_of_use
        if area is not None and len(operations) > 1:
            files += f" from {area.west:g}, {area.south:g} to {area.east:g}, {area.north:g}"
        by_area.append(files)
    names = list(dict.fromkeys(grid.name for grids in wanted for grid in grids))
    files = "; or ".join(by_area)
    return f"{source} to {target} needs what PROJ does not have: {files}. {_how(names)}"


def _how(names: Sequence[str]) -> str:
    # PROJ_DATA is not mentioned: pyproj wheels have their own data folder, which comes first (measured with
    # 3.7.2)
    what, name = ("it", names[0]) if len(names) == 1 else ("each", "NAME")
    return (
        f"Get {what} with `pyproj sync --file {name}`, or put the file into {get_user_data_dir()}, or set "
        "PROJ_NETWORK=ON where PROJ may read it from its network."
    )


class _Area(Protocol):
    """Bounds of an area of use (pyproj has two such classes)."""

    west: float
    south: float
    east: float
    north: float


def _covers(area: _Area | None, lon: FloatArray, lat: FloatArray) -> BoolArray:
    """Positions within an area of use, which may cross the antimeridian; no area means everywhere."""
    if area is None:
        return np.ones(lon.shape, dtype=np.bool_)
    width = (area.east - area.west) % 360.0 or 360.0
    inside: BoolArray = ((lon - area.west) % 360.0 <= width) & (area.south <= lat) & (lat <= area.north)
    return inside


@contextmanager
def _network(*, is_allowed: bool) -> Iterator[None]:
    """Turn PROJ's network on, if allowed, and restore its state afterwards."""
    before = is_network_enabled()
    if is_allowed:
        set_network_enabled(active=True)
    try:
        yield
    finally:
        if is_allowed:
            set_network_enabled(active=before)
