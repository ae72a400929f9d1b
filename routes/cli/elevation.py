"""``routes elevation``: heights at a position or along a GPX file."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand

from routes.cli._console import STDOUT, print_json, quieten
from routes.cli._options import DEMOption, JSONOption, QuietOption
from routes.errors import DEMError, InvalidCoordinatesError

if TYPE_CHECKING:
    from routes.model.grid import Samples

_NEGATIVE = re.compile(r"^-(?=[\d.])")
_MINUS = "\N{MINUS SIGN}"


class CoordinatesCommand(TyperCommand):
    """A command whose arguments may be negative numbers, which would else be taken for options."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - typer's vendored type has no name
        """Hide the hyphen of negative numbers from the parser."""
        return list(super().parse_args(ctx, [_NEGATIVE.sub(_MINUS, arg) for arg in args]))


def elevation(
    where: Annotated[
        list[str],
        typer.Argument(
            metavar="LON LAT | FILE.gpx", help="Longitude first, degrees; or a GPX file.", show_default=False
        ),
    ],
    dem: DEMOption = None,
    *,
    as_json: JSONOption = False,
    quiet: QuietOption = False,
) -> None:
    """Show the DEM's height at a position (routes elevation -119.248 37.761) or at every point of a GPX file.

    Exit code 2 if no DEM is at hand; a height that the DEM does not know is printed as unknown (null in JSON).
    """
    from routes.pipeline import open_dem_of

    quieten(quiet=quiet)
    lon, lat = _positions(where)
    source = open_dem_of(Path.cwd() / "here", dem)
    if source is None:
        msg = "No DEM is at hand: give one with --dem PATH, or set ROUTES_DEM_DIR to a folder of DEM files."
        raise DEMError(msg)
    samples = source.sample(lon, lat)
    if as_json:
        print_json(_data(lon, lat, samples))
    elif len(lon) == 1:
        STDOUT.print(_one(samples), markup=False)
    else:
        STDOUT.print("lon\tlat\theight_m", markup=False)
        for x, y, height in zip(lon, lat, samples.height_m.tolist(), strict=True):
            STDOUT.print(f"{x:.6f}\t{y:.6f}\t" + (f"{height:.1f}" if height == height else ""), markup=False)  # noqa: PLR0124


def _positions(where: list[str]) -> tuple[list[float], list[float]]:
    if len(where) == 1:
        from routes.io.gpx_read import read_gpx

        segments = read_gpx(where[0].replace(_MINUS, "-")).segments
        return (
            [x for segment in segments for x in segment.lon_deg.tolist()],
            [y for segment in segments for y in segment.lat_deg.tolist()],
        )
    try:
        lon, lat = (float(text.replace(_MINUS, "-").rstrip(",")) for text in where)
    except ValueError as error:
        given = " ".join(where).replace(_MINUS, "-")
        msg = f"{given!r} is neither LON LAT (two numbers, longitude first, degrees) nor one GPX file."
        raise InvalidCoordinatesError(msg) from error
    return [lon], [lat]


def _one(samples: "Samples") -> str:
    height = float(samples.height_m[0])
    if samples.product_index[0] < 0:
        return "unknown: " + (
            "no DEM covers this position" if samples.is_outside[0] else "the DEM is void here"
        )
    product = samples.products[int(samples.product_index[0])]
    return f"{height:.1f} m ({product.title}, {product.vertical_datum}, LE90 {product.le90_m:g} m)"


def _data(lon: list[float], lat: list[float], samples: "Samples") -> dict[str, object]:
    products = samples.products
    return {
        "unit": "m",
        "products": [
            {"id": p.id, "vertical_datum": p.vertical_datum.value, "le90_m": p.le90_m, "title": p.title}
            for p in products
        ],
        "heights": [
            {
                "lon": x,
                "lat": y,
                "height_m": round(height, 2) if index >= 0 else None,
                "product": products[index].id if index >= 0 else None,
            }
            for x, y, height, index in zip(
                lon, lat, samples.height_m.tolist(), samples.product_index.tolist(), strict=True
            )
        ],
    }
