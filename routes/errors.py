"""All errors that this package raises, and its one warning.

Each is a `RoutesError` and the built-in exception that it resembles. A message states what was found, where
(file, key or place), and what to do.
"""


class RoutesError(Exception):
    """Base of all errors raised by this package."""


class InvalidCoordinatesError(RoutesError, ValueError):
    """Coordinate arrays of different shapes, or with values that are not finite or out of range."""


class ModelError(RoutesError, ValueError):
    """An invalid value."""


class TrekFileError(RoutesError, ValueError):
    """A trek file that cannot be read or is incomplete."""


class TrackReadError(RoutesError, OSError):
    """A track file that cannot be read."""


class GPXReadError(TrackReadError):
    """A GPX file that cannot be read or does not match its leg."""


class OSMReadError(RoutesError, OSError):
    """OpenStreetMap data that cannot be read or downloaded, or does not cover the area."""


class PointFileError(RoutesError, OSError):
    """A file of points that cannot be read, or that cannot take heights."""


class DEMError(RoutesError, OSError):
    """A DEM that cannot be opened, or that covers only part of what is needed."""


class FetchError(RoutesError, OSError):
    """A failed download."""


class NotThereError(FetchError):
    """A file that does not exist on the server."""


class NetworkDownError(FetchError):
    """A network that refuses, cannot resolve names, hangs, or must not be used."""


class DatumError(RoutesError, LookupError):
    """A height of unknown vertical datum, or a conversion whose grid is missing."""


class TraceError(RoutesError, ValueError):
    """A leg that cannot be traced over the terrain or along paths."""


class AssetError(RoutesError, RuntimeError):
    """An asset of the map page that no installed package provides."""


class BatchError(RoutesError, ValueError):
    """A batch without input, or one that cannot continue."""


class OutputError(RoutesError, OSError):
    """A file or folder that cannot be written, or that is not ours to replace."""


class RoutesWarning(UserWarning):
    """Something odd in the input that its owner should check."""
