"""``routes elevation``: heights at a position, or at the points of a file."""

import re
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand

from routes.cli._console import STDOUT, at_work, print_json, print_raw, quieten, say
from routes.cli._options import DEMOption, JSONOption, OfflineOption, QuietOption, UnitsOption
from routes.errors import DEMError, InvalidCoordinatesError
from routes.model.units import Units

if TYPE_CHECKING:
    from collections.abc import Sequence

    from routes._typing import FloatArray
    from routes.dem.opening import DEMOptions
    from routes.io.points.point_heights import PointFile, PointHeight
    from routes.model.grid import Product, Samples


class DatumName(StrEnum):
    """Vertical datums that heights can be asked for in; those of `VerticalDatum` but the unknown."""

    EGM96 = "EGM96"
    EGM2008 = "EGM2008"
    NAVD88 = "NAVD88"
    NGVD29 = "NGVD29"
    ELLIPSOID = "WGS84 ellipsoid"


_NEGATIVE = re.compile(r"^-(?=[\d.])")
_MINUS = "\N{MINUS SIGN}"


class SamplingMethod(StrEnum):
    """How heights between cell centres are found."""

    NEAREST = "nearest"
    BILINEAR = "bilinear"
    CUBIC = "cubic"


class CoordinatesCommand(TyperCommand):
    """A command whose arguments may be negative numbers, which would else be taken for options."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - typer's vendored type has no name
        """Hide the hyphen of negative numbers from the parser."""
        return list(super().parse_args(ctx, [_NEGATIVE.sub(_MINUS, arg) for arg in args]))


def elevation(  # noqa: PLR0913 - typer's options are arguments
    where: Annotated[
        list[str],
        typer.Argument(
            metavar="LON LAT | FILE",
            help="Longitude first, degrees; or a file of points: .gpx, .csv, .geojson, .json, .gpkg.",
            show_default=False,
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            metavar="FILE",
            help="Write the file of points anew, with heights, in its own format.",
            show_default=False,
        ),
    ] = None,
    dem: DEMOption = None,
    method: Annotated[
        SamplingMethod, typer.Option("--method", help="How heights between cell centres are found.")
    ] = SamplingMethod.BILINEAR,
    datum: Annotated[
        DatumName | None,
        typer.Option(
            "--datum",
            help="Vertical datum of the heights; default: that of the DEM. The ellipsoid needs a geoid grid.",
            show_default=False,
        ),
    ] = None,
    units: UnitsOption = Units.METRIC,
    *,
    fill_voids: Annotated[
        bool, typer.Option("--fill-voids", help="Interpolate across voids of the DEM.")
    ] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the file if it exists.")] = False,
    offline: OfflineOption = False,
    as_json: JSONOption = False,
    quiet: QuietOption = False,
) -> None:
    """Show the DEM's height at a position (routes elevation -119.248 37.761), or add heights to a file of points.

    GPX gets an ele on every point, or none is written; CSV, GeoJSON and GeoPackage get the columns height_m, product,
    vertical_datum, le90_m and is_void, and lines get a height at every vertex. Without --out, CSV and tables of heights
    go to stdout; tables are in --units, and their head says in which. Exit code 2 if no DEM is at hand; a height that
    the DEM does not know is unknown (null, empty).
    """
    from routes.dem.opening import DEMOptions
    from routes.io.points.csv import CSVPoints
    from routes.io.points.point_heights import point_heights

    quieten(quiet=quiet)
    lon, lat, file = _points(where, out, overwrite=overwrite)
    with at_work("Sampling the DEM", quiet=quiet) as work:
        options = DEMOptions(choice=dem, is_offline=offline, on_progress=work.on_progress)
        samples = _sample(lon, lat, options, (method.value, fill_voids), quiet=quiet)
    heights = point_heights(lon.tolist(), lat.tolist(), samples)
    if datum is not None:
        heights = _restated(heights, samples, datum.value, offline=offline, quiet=quiet)
    if file is not None and out is not None:
        file.write(heights, out, overwrite=overwrite)
        say(_summary(out, heights, units), quiet=quiet)
    if as_json:
        print_json(_data(samples.products, heights))
    elif file is None:
        STDOUT.print(_one(heights[0], samples.products, units))
    elif out is None and isinstance(file, CSVPoints):
        print_raw(file.elevated(heights))
    elif out is None:
        print_raw(_listing(heights, units))


def _points(
    where: list[str], out: Path | None, *, overwrite: bool
) -> "tuple[FloatArray, FloatArray, PointFile | None]":
    """Positions, and the file that they come from."""
    import numpy as np

    from routes.io.points.files import check_target, read_point_file

    texts = [text.replace(_MINUS, "-") for text in where]
    if len(texts) == 1:
        path = Path(texts[0])
        if out == Path("-"):
            msg = "--out - is no file; name one, or leave --out away for CSV or a table on stdout."
            raise typer.BadParameter(msg)
        if out is not None:
            check_target(path, out, overwrite=overwrite)
        file = read_point_file(path)
        return file.lon_deg, file.lat_deg, file
    if out is not None:
        msg = "--out writes a file of points anew; name one in place of LON LAT."
        raise typer.BadParameter(msg)
    try:
        lon, lat = (float(text.rstrip(",")) for text in texts)
    except ValueError as error:
        msg = f"{' '.join(texts)!r} is neither LON LAT (two numbers, longitude first, degrees) nor one file of points."
        raise InvalidCoordinatesError(msg) from error
    return np.array([lon]), np.array([lat]), None


def _sample(
    lon: "FloatArray", lat: "FloatArray", options: "DEMOptions", how: tuple[str, bool], *, quiet: bool
) -> "Samples":
    from routes.analysis.windows import need_of_points
    from routes.dem.opening import open_dem_for
    from routes.kernel._check import check_lonlat

    lon, lat = check_lonlat(lon, lat)
    source, report = open_dem_for(Path.cwd() / "here", need_of_points(lon, lat), options)
    if report.fetched:
        say(report.sentence(), quiet=quiet)
    for fault in (*report.fallbacks, *report.faults):
        say(fault, quiet=quiet)
    if source is None:
        why = f" ({report.faults[0].rstrip('.')})" if report.faults else ""
        msg = f"No DEM is at hand{why}: give one with --dem PATH, or set ROUTES_DEM_DIR to a folder of DEM files."
        raise DEMError(msg)
    return source.sample(lon, lat, method=how[0], fill_voids=how[1])


def _restated(
    heights: "list[PointHeight]", samples: "Samples", datum: str, *, offline: bool, quiet: bool
) -> "list[PointHeight]":
    """Heights in another vertical datum; where a grid is missing, a note says what stays as it was."""
    from dataclasses import replace

    import numpy as np
    from pyproj.network import set_network_enabled  # type: ignore[attr-defined] # pyproj re-exports without __all__

    from routes.dem.in_datum import heights_in
    from routes.model.figures import VerticalDatum

    lon = np.array([height.lon for height in heights])
    lat = np.array([height.lat for height in heights])
    if offline:
        set_network_enabled(active=False)  # else PROJ does as PROJ_NETWORK says
    values, datums, notes = heights_in(samples, lon, lat, VerticalDatum(datum))
    for note in notes:
        say(note, quiet=quiet)
    return [
        height if index < 0 else replace(height, height_m=float(value), vertical_datum=datums[index].value)
        for height, value, index in zip(heights, values, samples.product_index.tolist(), strict=True)
    ]


def _listing(heights: "Sequence[PointHeight]", units: Units) -> str:
    """Table of positions and heights, parted by tabs; the unit is in the head."""
    rows = [f"lon\tlat\theight_{units.height_unit}\n"]
    for height in heights:
        known = "" if height.height_m is None else units.spot_number(height.height_m)
        rows.append(f"{height.lon:.6f}\t{height.lat:.6f}\t{known}\n")
    return "".join(rows)


def _one(height: "PointHeight", products: "Sequence[Product]", units: Units) -> str:
    if height.height_m is None:
        return "unknown: " + ("no DEM covers this position" if height.is_outside else "the DEM is void here")
    title = next(product.title for product in products if product.id == height.product)
    error = "interpolated across a void" if height.le90_m is None else f"LE90 {units.size(height.le90_m)}"
    return f"{units.spot_height(height.height_m)} ({title}, {height.vertical_datum}, {error})"


def _summary(out: Path, heights: "Sequence[PointHeight]", units: Units) -> str:
    known = [height for height in heights if height.height_m is not None]
    kinds = dict.fromkeys(
        f"{height.product}, {height.vertical_datum}, LE90 {units.size(height.le90_m)}"
        for height in known
        if height.le90_m is not None
    )
    filled = sum(height.is_filled for height in known)
    note = f"; {filled} interpolated across voids, with an error that is larger and unknown" if filled else ""
    if len({height.vertical_datum for height in known}) > 1:
        note += "; vertical datums are mixed, so that a step of some metres may stand where they meet"
    source = f" ({'; '.join(kinds)})" if kinds else ""
    return f"{out}: {len(known)} of {len(heights)} points have a height{source}{note}."


def _data(products: "Sequence[Product]", heights: "Sequence[PointHeight]") -> dict[str, object]:
    return {
        "unit": "m",
        "products": [
            {"id": p.id, "vertical_datum": p.vertical_datum.value, "le90_m": p.le90_m, "title": p.title}
            for p in products
        ],
        "heights": [asdict(height) for height in heights],
    }
