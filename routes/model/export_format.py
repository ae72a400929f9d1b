"""Export formats of a study."""

from enum import StrEnum


class ExportFormat(StrEnum):
    """Formats of ``routes export`` and `export_study`."""

    GPX = "gpx"
    KML = "kml"
    GEOJSON = "geojson"
    GPKG = "gpkg"
    PARQUET = "parquet"
    FIT = "fit"
    CSV = "csv"
    PROFILE_CSV = "profile-csv"
    JSON = "json"
    MARKDOWN = "md"
    MAP_PNG = "map-png"
    PROFILE_PNG = "profile-png"
    PROFILE_SVG = "profile-svg"

    @property
    def is_text(self) -> bool:
        """Whether it is a single text that a terminal can show."""
        return self not in _NO_TEXT


_NO_TEXT = {
    ExportFormat.GPKG,
    ExportFormat.PARQUET,
    ExportFormat.FIT,
    ExportFormat.MAP_PNG,
    ExportFormat.PROFILE_PNG,
}
