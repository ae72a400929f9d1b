"""Write the layers of a study as a GeoPackage."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import geopandas as gpd
import pyogrio  # type: ignore[import-untyped]

from routes.io.export.layers import Layers
from routes.io.export.plain_text import plain_text

_DATE = "OGR_CURRENT_DATE"
_FIXED_DATE = "2000-01-01T00:00:00.000Z"
"""Date of the last change in the tables of contents: the same input gives the same bytes."""

_TITLES = {
    "tracks": "Legs with length, ascent and time",
    "places": "Places with heights",
    "days": "Days with totals on foot",
    "verdicts": "Verdicts on stated figures",
}


def layers_gpkg(layers: Layers) -> bytes:
    """All layers as a GeoPackage, the same bytes for the same input.

    Parameters
    ----------
    layers : Layers
        Tracks, places, days and verdicts, each of which becomes a layer of that name.

    Returns
    -------
    bytes
        The file. What `layers.about` says is metadata of each layer. A vertex whose height is unknown
        has NaN for it.
    """
    about = {key: plain_text(value) for key, value in layers.about.items()}
    with tempfile.TemporaryDirectory(prefix="routes-") as folder, _fixed_date():
        path = Path(folder) / "layers.gpkg"
        for name, frame in layers.named():
            pyogrio.write_dataframe(
                _cleaned(frame),
                path,
                layer=name,
                driver="GPKG",
                geometry_type=_geometry_type(name, frame),
                append=False,
                # of the layers alone: with metadata of the file, GDAL writes a file .aux.xml beside it on reading
                layer_metadata=about,
                layer_options={"IDENTIFIER": name, "DESCRIPTION": _TITLES[name]},
            )
        return path.read_bytes()


def _geometry_type(name: str, frame: gpd.GeoDataFrame) -> str:
    """Type of a layer, also where it has no geometry or no row."""
    kind = "MultiLineString" if name in ("tracks", "days") else "Point"
    return f"{kind} Z" if bool(frame.geometry.has_z.any()) else kind


def _cleaned(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Frame without characters that end a text in C or that XML cannot hold."""
    cleaned = frame.copy()
    for name in frame.columns.drop("geometry"):
        if frame[name].dtype == "string":
            cleaned[name] = frame[name].map(plain_text, na_action="ignore").astype("string")
    return cleaned


@contextmanager
def _fixed_date() -> Iterator[None]:
    before = pyogrio.get_gdal_config_option(_DATE)
    pyogrio.set_gdal_config_options({_DATE: _FIXED_DATE})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({_DATE: before})
