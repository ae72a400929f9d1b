"""Write the days of a variant as FIT courses for watches and bike computers."""

import datetime as dt
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType

import numpy as np

from routes._typing import FloatArray
from routes.analysis.figures.leg_points import leg_runs
from routes.analysis.figures.results import DayStudy, LegStudy, VariantStudy
from routes.analysis.figures.stops import stops_along
from routes.analysis.study import Study
from routes.analysis.walking.daylight import zone_of
from routes.analysis.walking.outing import START
from routes.errors import ModelError, OutputError
from routes.io.export.gpx import warning_of
from routes.io.export.plain_text import one_line
from routes.kernel.effort import swiss_s
from routes.kernel.geodesy import cumulative_distance_m, distance_m
from routes.model.kinds import PlaceKind
from routes.model.points import Points
from routes.model.trek import Place

FIT_DATE = dt.date(2001, 1, 1)
"""Default date of the first day: courses need times, and the same input must give the same bytes."""

NAME_BYTES, POINT_NAME_BYTES = 47, 15
"""Most UTF-8 bytes in the name of a course and of a course point.

The field of a course point has 16 bytes with its final null, in devices and in gpsbabel.
"""

NEAR_M = 200.0
"""Largest distance between the ends of stretches that form one course; the same radius as in `routes new`."""

OFF_LINE_M = 500.0
"""Distance from the line, beyond the place's own uncertainty, above which it is no course point; as in `routes
plan`."""

_YEARS = 1990, 2100
"""Years that FIT can represent: seconds since the end of 1989 in 32 bits."""

_TYPES = {
    PlaceKind.PASS: "SUMMIT",
    PlaceKind.PEAK: "SUMMIT",
    PlaceKind.CAMP: "CAMPSITE",
    PlaceKind.SPRING: "WATER",
    PlaceKind.VIEWPOINT: "OVERLOOK",
    PlaceKind.STATION: "TRANSPORT",
    PlaceKind.AIRPORT: "TRANSPORT",
    PlaceKind.HOTEL: "SHELTER",
    PlaceKind.MUSEUM: "INFO",
    PlaceKind.BRIDGE: "BRIDGE",
    PlaceKind.CROSSING: "CROSSING",
}
"""Course point type by kind of place; other kinds are generic.

A village does not guarantee food, nor a lake drinking water.
"""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class _Course:
    """Points of one walked stretch, and the places along it."""

    name: str
    lon_deg: FloatArray
    lat_deg: FloatArray
    distance_m: FloatArray
    height_m: FloatArray
    """NaN where unknown."""

    time_s: FloatArray
    """Time since the start of the stretch: whole seconds, strictly increasing."""

    places: tuple[tuple[int, Place], ...]
    """Point index and place."""


def variant_fit(
    study: Study, variant: VariantStudy, *, date: dt.date | None = None, start: dt.time = START
) -> Mapping[str, bytes]:
    """Each walking day of a variant as a FIT course; the same input gives the same bytes.

    Keys are ``day-N``. A course cannot hold a gap of more than 200 m: the second stretch of such a day is ``day-N-2``.
    Times follow the study's method, or its speed on flat ground where that gives no time. `date` is the first day
    (default `FIT_DATE`); each day's walk begins at `start` in the trek's time zone. Raises OutputError if fit-tool is
    not installed or the variant has no walk; ModelError if the date is outside 1990 to 2100, or the time zone is
    unknown.
    """
    fit = _library()
    first = date or FIT_DATE
    if not _YEARS[0] <= first.year <= _YEARS[1]:
        msg = f"The date {first} is outside {_YEARS[0]} to {_YEARS[1]}, which FIT can tell."
        raise ModelError(msg)
    zone = zone_of(study.trek.time_zone)
    files = {}
    for number, day in enumerate(variant.days):
        begins = dt.datetime.combine(first + dt.timedelta(days=number), start, tzinfo=zone).timestamp()
        for part, course in enumerate(_courses(study, day), start=1):
            name = f"day-{day.day.number}" if part == 1 else f"day-{day.day.number}-{part}"
            serial = zlib.crc32(f"{study.trek.id}/{variant.variant.id}/{name}".encode()) | 1  # 0 is invalid
            files[name] = _file(fit, course, begins, serial)
            begins += float(course.time_s[-1])
    if not files:
        msg = f"Nothing of {variant.variant.name} is on foot, so there is no course to write."
        raise OutputError(msg)
    return files


def cut_to_bytes(text: str, most: int) -> str:
    """Beginning of a text in at most `most` bytes of UTF-8, without a partial character.

    >>> cut_to_bytes("Wiñay Wayna", 3), cut_to_bytes("Wiñay Wayna", 4)
    ('Wi', 'Wiñ')
    """
    return text.encode()[:most].decode(errors="ignore").rstrip()


def _library() -> ModuleType:
    try:
        import fit_tool.fit_file_builder  # type: ignore[import-untyped] # noqa: PLC0415 - an extra
    except ImportError as error:
        msg = "FIT needs fit-tool: pip install 'trek-routes[fit]'."
        raise OutputError(msg) from error
    return fit_tool.fit_file_builder  # type: ignore[no-any-return]


def _courses(study: Study, day: DayStudy) -> Iterator[_Course]:
    """Walked stretches of a day, separated by gaps or rides."""
    pieces: list[_Course] = []
    legs = [leg for leg in day.legs if leg.is_on_foot]
    warning = next((warning_of(leg.line) for leg in legs if warning_of(leg.line)), "")
    name = one_line(f"{warning}Day {day.day.number} {day.day.title}")
    for piece in (piece for leg in legs for piece in _pieces(study, leg, name)):
        if pieces and _apart_m(pieces[-1], piece) > NEAR_M:
            yield _thinned(_joined(pieces))
            pieces = []
        pieces.append(piece)
    if pieces:
        yield _thinned(_joined(pieces))


def _pieces(study: Study, leg: LegStudy, name: str) -> Iterator[_Course]:
    """Runs of a leg with walking time and the places along them."""
    runs = leg_runs(leg)
    way = leg.way
    starts = np.cumsum([0.0, *(run.distance_m[-1] for run in runs)])
    whole = Points.joined([run.points for run in runs])
    stops = [
        stop
        for stop in stops_along(
            [study.trek.place(key) for key in leg.leg.stops], whole.lon_deg, whole.lat_deg
        )
        if stop.away_m <= OFF_LINE_M + stop.place.position_uncertainty_m
    ]
    first = 0
    for run, start_m in zip(runs, starts[:-1].tolist(), strict=True):
        if way is None:
            time = run.distance_m * _flat_s_per_m()
        else:
            time = np.interp(start_m + run.distance_m, way.distance_m, way.time_s)
        points = run.points if leg.ascent_m is not None else Points(run.points.lon_deg, run.points.lat_deg)
        inside = range(first, first + len(points))
        yield _Course(
            name=name,
            lon_deg=points.lon_deg,
            lat_deg=points.lat_deg,
            distance_m=run.distance_m,
            height_m=points.height_m,
            time_s=time - time[0],
            places=tuple((stop.index - first, stop.place) for stop in stops if stop.index in inside),
        )
        first += len(points)


def _flat_s_per_m() -> float:
    """Walking time per metre on flat ground by the default method, seconds.

    A line may have doubled vertices.
    """
    return float(swiss_s([0.0, 1.0], [0.0, 0.0])[-1])


def _apart_m(before: _Course, after: _Course) -> float:
    return float(
        distance_m(before.lon_deg[-1:], before.lat_deg[-1:], after.lon_deg[:1], after.lat_deg[:1])[0]
    )


def _joined(pieces: Sequence[_Course]) -> _Course:
    """One course from consecutive pieces, including the distance between their ends."""
    lon, lat = (np.concatenate([getattr(p, axis) for p in pieces]) for axis in ("lon_deg", "lat_deg"))
    times, places, first, before = [], [], 0, 0.0
    for number, piece in enumerate(pieces):
        if number:
            before += _apart_m(pieces[number - 1], piece) * _flat_s_per_m()
        times.append(before + piece.time_s)
        before = float(times[-1][-1])
        places += [(first + index, place) for index, place in piece.places]
        first += piece.lon_deg.size
    distinct = {
        (place.id, round(float(np.concatenate(times)[index]))): (index, place) for index, place in places
    }
    return _Course(
        name=pieces[0].name,
        lon_deg=lon,
        lat_deg=lat,
        distance_m=cumulative_distance_m(lon, lat),
        height_m=np.concatenate([piece.height_m for piece in pieces]),
        time_s=np.concatenate(times),
        places=tuple(sorted(distinct.values(), key=lambda pair: pair[0])),
    )


def _thinned(course: _Course) -> _Course:
    """Course with at most one point per second: FIT has whole seconds, and readers drop repeated times."""
    second = np.round(course.time_s)
    kept = np.concatenate(([True], np.diff(np.maximum.accumulate(second)) > 0.0))
    indices = np.flatnonzero(kept)
    if not kept[-1]:  # keep the end, instead of the earlier point of that second
        indices[-1] = kept.size - 1
    if indices.size < 2:  # a walk of less than a second
        indices = np.array([0, kept.size - 1])
        second = np.linspace(0.0, 1.0, kept.size)
    return _Course(
        name=course.name,
        lon_deg=course.lon_deg[indices],
        lat_deg=course.lat_deg[indices],
        distance_m=course.distance_m[indices],
        height_m=course.height_m[indices],
        time_s=np.round(second[indices]),
        places=tuple(
            (max(int(np.searchsorted(indices, index, side="right")) - 1, 0), place)
            for index, place in course.places
        ),
    )


def _file(fit: ModuleType, course: _Course, begins: float, serial: int) -> bytes:
    builder = fit.FitFileBuilder(auto_define=True, min_string_size=POINT_NAME_BYTES + 1)
    for message in _messages(course, begins, serial):
        builder.add(message)
    return bytes(builder.build_bytes())


def _messages(course: _Course, begins: float, serial: int) -> Iterator[object]:
    """Messages in the order that devices accept: file id, lap, start, course points, records, stop.

    Each kind has its own local number, so that one definition per kind is enough.
    """
    from fit_tool.profile import profile_type as types  # type: ignore[import-untyped] # noqa: PLC0415 - an extra

    lon = np.where(course.lon_deg >= 180.0, course.lon_deg - 360.0, course.lon_deg).tolist()
    lat, along = course.lat_deg.tolist(), course.distance_m.tolist()
    # None leaves the field out
    height = course.height_m.tolist() if np.isfinite(course.height_m).all() else [None] * len(lon)
    stamps = [round(begins + second) * 1000 for second in course.time_s.tolist()]
    whole_s = (stamps[-1] - stamps[0]) / 1000.0
    capabilities = ("PROCESSED", "VALID", "TIME", "DISTANCE", "POSITION")
    yield _message(
        "FileId", 0, type=types.FileType.COURSE, manufacturer=types.Manufacturer.DEVELOPMENT.value, product=0,
        serial_number=serial, time_created=stamps[0],
    )  # fmt: skip
    yield _message(
        "Course", 1, course_name=cut_to_bytes(course.name, NAME_BYTES), sport=types.Sport.HIKING,
        capabilities=sum(types.CourseCapabilities[name].value for name in capabilities),
    )  # fmt: skip
    yield _message(
        "Lap", 2, timestamp=stamps[-1], start_time=stamps[0], start_position_lat=lat[0], start_position_long=lon[0],
        end_position_lat=lat[-1], end_position_long=lon[-1], total_elapsed_time=whole_s, total_timer_time=whole_s,
        total_distance=along[-1],
    )  # fmt: skip
    timer = {"event": types.Event.TIMER}
    yield _message("Event", 3, timestamp=stamps[0], event_type=types.EventType.START, **timer)
    for number, (index, place) in enumerate(course.places):
        yield _message(
            "CoursePoint", 4, message_index=number, timestamp=stamps[index], position_lat=lat[index],
            position_long=lon[index], distance=along[index],
            type=types.CoursePoint[_TYPES.get(place.kind, "GENERIC")],
            course_point_name=cut_to_bytes(one_line(place.name), POINT_NAME_BYTES) or place.kind.value,
        )  # fmt: skip
    for index, stamp in enumerate(stamps):
        yield _message(
            "Record", 5, timestamp=stamp, position_lat=lat[index], position_long=lon[index], altitude=height[index],
            distance=along[index],
        )  # fmt: skip
    yield _message("Event", 3, timestamp=stamps[-1], event_type=types.EventType.STOP_ALL, **timer)


def _message(kind: str, local_id: int, **fields: object) -> object:
    """Message of fit-tool by name; fields that are None stay unset."""
    snake = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in kind)[1:]
    module = import_module(f"fit_tool.profile.messages.{snake}_message")
    message: object = getattr(module, f"{kind}Message")(local_id=local_id)
    for name, value in fields.items():
        if value is not None:
            setattr(message, name, value)
    return message
