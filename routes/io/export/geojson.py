"""Write the layers of a study as GeoJSON (RFC 7946)."""

import json
import math
from collections.abc import Iterator

import geopandas as gpd
import pandas as pd
from shapely import get_coordinates, get_parts
from shapely.geometry.base import BaseGeometry

from routes.io.export.layers import Layers, has_heights
from routes.model.figures import VerticalDatum

_DRAWN = ("tracks", "places")
"""Layers with geometry; days and verdicts have none, so that apps draw and sum each line once."""

_KEYS = {"tracks": "leg", "places": "place", "days": "day"}


def layers_geojson(layers: Layers) -> str:
    """All layers as one FeatureCollection; the same input gives the same text.

    Each feature is on its own line and names its layer in the property ``layer``. Days and verdicts have no
    geometry: they name their legs and places. Positions have six decimals, and lines are cut at longitude
    180. A third coordinate is a height in metres above the datum in the property ``heights_datum`` (RFC 7946
    alone would mean the ellipsoid); every vertex of a geometry has one, or none has. The member ``about``,
    which other readers ignore, holds source, attribution, and how heights and times were computed.
    """
    features = ",\n".join(_features(layers))
    about = _dumps(layers.about)
    return f'{{"type": "FeatureCollection",\n"about": {about},\n"features": [\n{features}\n]}}\n'


def _features(layers: Layers) -> Iterator[str]:
    for layer, frame in layers.named():
        columns = [name for name in frame.columns if name != "geometry"]
        for number, row in enumerate(frame[columns].itertuples(index=False, name=None), start=1):
            shape = frame.geometry.iloc[number - 1] if layer in _DRAWN else None
            properties = {"layer": layer, **dict(zip(columns, map(_plain, row), strict=True))}
            if layer == "days":
                properties["legs"] = _legs_of(layers.tracks, properties["day"])
            if shape is not None and not has_heights(shape) and "heights_datum" in properties:
                properties["heights_datum"] = None
            key = properties.get(_KEYS.get(layer, ""), number)
            yield _dumps(
                {
                    "type": "Feature",
                    "id": f"{layer}/{key}",
                    "properties": properties,
                    "geometry": None if shape is None else _geometry(shape, properties),
                }
            )


def _legs_of(tracks: gpd.GeoDataFrame, day: object) -> list[str]:
    return [str(leg) for leg in tracks.loc[tracks["day"] == day, "leg"]]


def _geometry(shape: BaseGeometry, properties: dict[str, object]) -> dict[str, object]:
    # readers would take a height of unknown datum as ellipsoidal
    is_solid = has_heights(shape) and properties["heights_datum"] != VerticalDatum.UNKNOWN.value
    parts = [get_coordinates(part, include_z=is_solid).tolist() for part in get_parts(shape)]
    if shape.geom_type == "Point":
        return {"type": "Point", "coordinates": parts[0][0]}
    if len(parts) == 1:
        return {"type": "LineString", "coordinates": parts[0]}
    return {"type": "MultiLineString", "coordinates": parts}


def _plain(value: object) -> object:
    """Value as JSON has it; missing values are null."""
    if value is None or value is pd.NA or (isinstance(value, float) and not math.isfinite(value)):
        return None
    item = getattr(value, "item", None)  # a NumPy scalar
    return item() if item is not None else value


def _dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
