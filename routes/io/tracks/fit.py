"""Read FIT activities and courses: records and course points."""

import warnings
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from routes.errors import TrackReadError
from routes.gpx.codes import Trap
from routes.gpx.track_file import GPXFile
from routes.io.tracks.builder import TrackBuilder
from routes.model.points import Points

_DEGREES = 180.0 / 2.0**31
"""Degrees per semicircle, FIT's unit of position."""

_EPOCH_S = 631_065_600
"""Seconds from 1970-01-01 to FIT's epoch, 1989-12-31T00:00:00 UTC."""

_MIN_DATE_TIME = 0x10000000
"""Smaller times are seconds since the device was switched on (FIT profile, type date_time)."""


@dataclass(slots=True)
class _Content:
    """Relevant messages in file order; the decoder's own lists lose how events and records interleave."""

    made: TrackBuilder
    runs: list[list[tuple[float, float, float, float]]] = field(default_factory=list)
    is_paused: bool = True
    name: str = ""
    sport: str = ""

    def take(self, number: int, message: dict[str, Any]) -> None:
        """Handle a message by its number in the FIT profile."""
        match number:
            case 20:
                self._record(message)
            case 21:
                is_timer = message.get("event") == "timer"
                if is_timer and str(message.get("event_type", "")).startswith("stop"):
                    self.is_paused = True
            case 31:
                self.name = str(message.get("name") or self.name)
                self.sport = str(message.get("sport") or self.sport)
            case 18 | 12:
                self.sport = str(message.get("sport") or self.sport)
            case 32:
                position = _position(message)
                if position is not None:
                    name, kind = str(message.get("name") or ""), str(message.get("type") or "")
                    lon, lat = np.array([position]).T
                    self.made.add_waypoints(Points(lon, lat), name, "a course point", kind=kind)

    def _record(self, message: dict[str, Any]) -> None:
        position = _position(message)
        if position is None:  # indoors, or before the first fix
            return
        if self.is_paused:
            self.runs.append([])
            self.is_paused = False
        height = message.get("enhanced_altitude", message.get("altitude"))
        ele = float(height) if isinstance(height, int | float) else np.nan
        time = message.get("timestamp")
        stamp = float(time + _EPOCH_S) if isinstance(time, int) and time >= _MIN_DATE_TIME else np.nan
        self.runs[-1].append((*position, ele, stamp))


def _position(message: dict[str, Any]) -> tuple[float, float] | None:
    lon, lat = message.get("position_long"), message.get("position_lat")
    if not isinstance(lon, int) or not isinstance(lat, int):
        return None
    return lon * _DEGREES, lat * _DEGREES


def read_fit(data: bytes, source: str) -> GPXFile:
    """Read FIT: one track, with a segment between timer pauses, and course points as waypoints.

    A damaged or truncated file yields the records before the damage, with a warning. Raises TrackReadError if
    garmin-fit-sdk is not installed, nothing can be read, or a position is not on Earth.
    """
    try:
        from garmin_fit_sdk import Decoder, Stream  # noqa: PLC0415 - an extra
    except ImportError as error:
        msg = f"{source} is a FIT file; to read it: pip install 'trek-routes[fit]'."
        raise TrackReadError(msg) from error
    made = TrackBuilder(source=source)
    content = _Content(made)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _, errors = Decoder(Stream.from_byte_array(bytearray(data))).read(
            convert_datetimes_to_dates=False, merge_heart_rates=False, mesg_listener=content.take
        )
    # the decoder collects its listener's exceptions among its own errors
    refused = next((error for error in errors if isinstance(error, TrackReadError)), None)
    if refused is not None:
        raise refused
    runs = [Points(*np.array(run, dtype=np.float64).T) for run in content.runs]
    why = " ".join(str(errors[0]).removeprefix("FIT Runtime Error").split()) if errors else ""
    if errors and not runs and not len(made.waypoints):
        made.fail(f"it is no FIT file that can be read ({why or type(errors[0]).__name__})")
    if errors:
        text = f"The file is damaged or ends in the middle ({why}); the records before that are read."
        made.notes.add(Trap.CHECKSUM if "CRC" in why else Trap.CUT_OFF, 0, text)
    if runs:
        made.add_track(content.name, runs, "its records", kind=content.sport)
    return made.file()
