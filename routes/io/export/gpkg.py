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
"""Fixed change date in the tables of contents, so that the same input gives the same bytes."""

_TITLES = {
    "tracks": "Legs with length, ascent and time",
    "places": "Places with heights",
    "days": "Days with totals on foot",
    "verdicts": "Verdicts on stated figures",
}


def layers_gpkg(layers: Layers) -> bytes:
    """All layers as a GeoPackage; the same input gives the same bytes.

    `layers.about` becomes metadata of each layer. Vertices of unknown height have NaN.
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
                # only of layers: with metadata of the file, GDAL writes an .aux.xml next to it on reading
                layer_metadata=about,
                layer_options={"IDENTIFIER": name, "DESCRIPTION": _TITLES[name]},
            )
        return path.read_bytes()


def _geometry_type(name: str, frame: gpd.GeoDataFrame) -> str:
    """Geometry type of a layer, even without geometry or rows."""
    kind = "MultiLineString" if name in ("tracks", "days") else "Point"
    return f"{kind} Z" if bool(frame.geometry.has_z.any()) else kind


def _cleaned(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Frame without characters that end a C string or that XML forbids."""
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
