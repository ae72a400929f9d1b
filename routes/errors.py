"""Every error that this package raises, and its one warning.

Each is a `RoutesError` and the built-in exception that it resembles. A message names what was found, where
(file, key or place), and what to do.
"""


class RoutesError(Exception):
    """Base of all errors raised by this package."""


class InvalidCoordinatesError(RoutesError, ValueError):
    """Arrays of coordinates that differ in shape, are not finite, or lie out of range."""


class ModelError(RoutesError, ValueError):
    """A value that the domain does not allow."""


class TrekFileError(RoutesError, ValueError):
    """A trek file that cannot be read or does not say what a trek needs."""


class TrackReadError(RoutesError, OSError):
    """A file of tracks that cannot be read."""


class GPXReadError(TrackReadError):
    """A GPX file that cannot be read or does not fit its leg."""


class OSMReadError(RoutesError, OSError):
    """Data of OpenStreetMap that cannot be read or had, or that does not cover what it is asked for."""


class PointFileError(RoutesError, OSError):
    """A file of points that cannot be read, or that heights cannot be added to."""


class DEMError(RoutesError, OSError):
    """A DEM that cannot be opened, or that covers only a part of what it is asked for."""


class FetchError(RoutesError, OSError):
    """Something that a server did not hand out as it should."""


class NotThereError(FetchError):
    """A file that a server says does not exist."""


class NetworkDownError(FetchError):
    """A network that refuses, resolves nothing, hangs, or is not to be used."""


class DatumError(RoutesError, LookupError):
    """A height of unknown vertical datum, or a conversion for which no grid is at hand."""


class TraceError(RoutesError, ValueError):
    """A leg for which no line over the terrain or along ways can be made."""


class AssetError(RoutesError, RuntimeError):
    """An asset that the map page needs and no installed package provides."""


class BatchError(RoutesError, ValueError):
    """A batch that has nothing to read, or that cannot go on."""


class OutputError(RoutesError, OSError):
    """A folder or file that cannot be written, or that is not ours to replace."""


class RoutesWarning(UserWarning):
    """Something in the input that was read, but that its owner should look at."""
