"""Columns of the batch statistics: names, types, meanings."""

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from routes.errors import OutputError

if TYPE_CHECKING:
    import pyarrow as pa


class Column(NamedTuple):
    """A column."""

    name: str
    """Name, with its unit if any."""

    type: str
    """Arrow's name of the type."""

    meaning: str
    """Meaning; null means unknown."""


COLUMNS = (
    Column("source", "string", "path as it was found, or address without name and password"),
    Column("member", "string", "name in the archive; empty for a file"),
    Column(
        "track", "int32", "number of the track in the file, from 1; 0 where the file as a whole has an error"
    ),
    Column("name", "string", "name of the track; empty if it has none"),
    Column("is_route", "bool", "whether it is a route: planned turning points, not a recorded path"),
    Column(
        "line", "string", "`recorded`, or what the file says by our own mark: `osm`, `modelled`, `schematic`"
    ),
    Column("content_sha256", "string", "SHA-256 of the file's contents, unpacked from its archive"),
    Column("copies", "int32", "files of the batch with these contents"),
    Column("segments", "int32", "segments of two points or more that have a length"),
    Column("points", "int64", "points in them"),
    Column("distance_m", "double", "horizontal geodesic length, metres; gaps between segments do not count"),
    Column("distance_p10_m", "double", "P10 of it, metres"),
    Column("distance_p90_m", "double", "P90 of it, metres"),
    Column("ascent_m", "double", "sum of rises, metres"),
    Column("ascent_p10_m", "double", "P10 of it, metres"),
    Column("ascent_p90_m", "double", "P90 of it, metres"),
    Column("descent_m", "double", "sum of falls, metres"),
    Column("descent_p10_m", "double", "P10 of it, metres"),
    Column("descent_p90_m", "double", "P90 of it, metres"),
    Column("high_m", "double", "highest point of the smoothed profile, metres in `dem_datum`"),
    Column("high_p10_m", "double", "P10 of it, metres; null by recorded heights"),
    Column("high_p90_m", "double", "P90 of it, metres; null by recorded heights"),
    Column("low_m", "double", "lowest point of the smoothed profile, metres in `dem_datum`"),
    Column("climbs", "int32", "climbs of category 4 or more (80 m to climb at 3 % or steeper)"),
    Column("start_time", "timestamp[ms, tz=UTC]", "earliest time in the file's points of this track"),
    Column("elapsed_time_s", "double", "from the earliest to the latest, seconds"),
    Column("moving_time_s", "double", "time of the steps faster than 1 km/h, seconds"),
    Column("walking_time_s", "double", "by the method campbell, without breaks, seconds"),
    Column("walking_time_p10_s", "double", "P10 of it, seconds: how people walk, and length and climb"),
    Column("walking_time_p90_s", "double", "P90 of it, seconds"),
    Column("heights", "string", "what the heights come from; null without any"),
    Column("dem_product", "string", "id of the DEM product; null by recorded heights"),
    Column("dem_datum", "string", "vertical datum of the heights; `unknown` for recorded ones"),
    Column("dem_spacing_m", "double", "distance between the DEM's rows, metres"),
    Column(
        "dem_void_share",
        "double",
        "share of the way at which the DEM has no height, 0 to 1; null without a DEM",
    ),
    Column(
        "recorded_bias_m", "double", "mean of recorded less DEM height, metres; null where one is missing"
    ),
    Column("warnings", "list<string>", "what was odd in the file, and what the figures lack"),
    Column("error", "string", "why there are no figures; null where there are"),
    Column("bbox", "struct<xmin, ymin, xmax, ymax: double>", "bounds of the geometry, degrees"),
    Column("geometry", "binary", "MultiLineString (WKB), longitude and latitude on WGS 84, simplified"),
)
"""Columns in order; one row per track of each file."""


def arrow_schema(metadata: Mapping[str, str] | None = None) -> "pa.Schema":
    """Schema for pyarrow. Raises OutputError if it is not installed."""
    try:
        import pyarrow as pa  # noqa: PLC0415 - an extra
    except ImportError as error:
        msg = "A batch needs pyarrow: pip install 'trek-routes[batch]'."
        raise OutputError(msg) from error
    types = {
        "string": pa.string(), "bool": pa.bool_(), "int32": pa.int32(), "int64": pa.int64(), "double": pa.float64(),
        "timestamp[ms, tz=UTC]": pa.timestamp("ms", tz="UTC"), "list<string>": pa.list_(pa.string()),
        "binary": pa.binary(),
        "struct<xmin, ymin, xmax, ymax: double>": pa.struct(
            [(name, pa.float64()) for name in ("xmin", "ymin", "xmax", "ymax")]
        ),
    }  # fmt: skip
    return pa.schema([(column.name, types[column.type]) for column in COLUMNS], metadata=metadata)


def file_metadata(bounds: Sequence[float] | None, about: Mapping[str, object]) -> dict[str, str]:
    """GeoParquet 1.1 metadata of the file with its bounds (degrees) and, under ``trek-routes``, how it was made."""
    geometry: dict[str, object] = {
        "encoding": "WKB",
        "geometry_types": ["MultiLineString"],
        "covering": {"bbox": {edge: ["bbox", edge] for edge in ("xmin", "ymin", "xmax", "ymax")}},
    }
    if bounds is not None:
        geometry["bbox"] = list(bounds)
    geo = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": geometry}}
    return {"geo": json.dumps(geo), "trek-routes": json.dumps(about, ensure_ascii=False, sort_keys=True)}
