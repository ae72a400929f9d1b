"""Places and days of a trek file from recorded or planned tracks."""

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from routes.errors import GPXReadError
from routes.files import shown
from routes.gpx.read.reader import NamedPosition, NamedTrack, tracks_of, waypoints_of
from routes.gpx.write.document import GPXDocument, GPXTrack, gpx_text
from routes.io.tracks.reader import is_gpx, read_track_file
from routes.io.trek.parts import NewDay, NewPlace, slug, unique
from routes.kernel.geodesy import distance_m
from routes.model.trek import MAX_DAY

NEAR_M = 200.0
"""A waypoint within this distance of a track's end is the place where it ends, metres."""


def from_tracks(
    source: Path, target: Path, layer: str | None
) -> tuple[list[NewPlace], list[NewDay], dict[str, str]]:
    """Places, a day per track, and GPX texts by path. Raises TrackReadError, or GPXReadError for too many tracks."""
    file = read_track_file(source, layer=layer)
    tracks = tracks_of(source, file)
    if len(tracks) > MAX_DAY:
        msg = f"{shown(source)} has {len(tracks)} tracks; a trek has {MAX_DAY} days at most."
        raise GPXReadError(msg)
    places = _waypoint_places(waypoints_of(file), source.name)
    days: list[NewDay] = []
    files: dict[str, str] = {}
    is_single = len(tracks) == 1
    is_named = is_single and is_gpx(source)
    for number, track in enumerate(tracks, start=1):
        leg_id = slug(source.stem, "leg") if is_single else slug(track.name, f"day-{number}")
        leg_id = unique(leg_id, (day.leg_id for day in days))
        if is_named:
            gpx = Path(os.path.relpath(source.resolve(), target.resolve().parent)).as_posix()
        else:
            gpx = f"{target.stem}-gpx/{leg_id}.gpx"
            files[gpx] = _track_text(source, number, track, leg_id)
        stops = _ends(places, track, None if is_single else number, source.name)
        days.append(
            NewDay(
                number=number,
                title=" ".join(track.name.split()) or "TODO",
                leg_id=leg_id,
                stops=stops,
                gpx=gpx,
                provenance=track.provenance,
                is_transfer=bool(days) and days[-1].stops[-1] != stops[0],
            )
        )
    return places, days, files


def _waypoint_places(waypoints: Sequence[NamedPosition], file_name: str) -> list[NewPlace]:
    places: list[NewPlace] = []
    taken: set[str] = set()
    for number, waypoint in enumerate(waypoints, start=1):
        name = " ".join(waypoint.name.split()) or f"Place {number}"
        place_id = unique(slug(name, f"place-{number}"), taken)
        taken.add(place_id)
        at, source = (waypoint.lon, waypoint.lat), f"waypoint in {file_name}"
        places.append(
            NewPlace(
                id=place_id, name=name, kind="site", lon=at[0], lat=at[1], uncertainty_m=50.0, source=source
            )
        )
    return places


def _ends(places: list[NewPlace], track: NamedTrack, day: int | None, file_name: str) -> tuple[str, str]:
    """Ids of the places where a track begins and ends; missing ones are added."""
    ends = []
    for what, segment, index in (("start", track.segments[0], 0), ("end", track.segments[-1], -1)):
        lon, lat = float(segment.lon_deg[index]), float(segment.lat_deg[index])
        near = _nearest(places, lon, lat)
        if near is None:
            of_day = f" of day {day}" if day is not None else ""
            near = NewPlace(
                id=unique(slug(f"{what}{of_day}", what), (place.id for place in places)),
                name=f"TODO: {what}{of_day}",
                kind="trailhead",
                lon=lon,
                lat=lat,
                uncertainty_m=50.0,
                source=f"{what} of {'the track' if day is None else f'track {day}'} in {file_name}",
            )
            places.append(near)
        ends.append(near.id)
    return ends[0], ends[1]


def _track_text(source: Path, number: int, track: NamedTrack, leg_id: str) -> str:
    """One track as its own GPX file: unchanged segments, to six decimals of a degree.

    It states the provenance only if the source did; otherwise the trek file does, where it can be corrected.
    """
    name = " ".join(track.name.split()) or leg_id
    for segment in track.segments:
        if np.ptp(segment.lon_deg.round(6)) == 0.0 and np.ptp(segment.lat_deg.round(6)) == 0.0:
            msg = f"{shown(source)}: a segment of track {number} ({name!r}) is shorter than 0.1 m; leave it out."
            raise GPXReadError(msg)
    line = GPXTrack(
        name=name,
        desc="",
        src=track.source,
        kind="hiking",
        colour="0072b2",
        garmin_colour="Blue",
        segments=track.segments,
        provenance=track.provenance,
        lateral_p90_m=track.lateral_p90_m,
    )
    return gpx_text(
        GPXDocument(name=name, desc=f"Track {number} of {source.name}.", attribution="", tracks=(line,))
    )


def _nearest(places: Sequence[NewPlace], lon: float, lat: float) -> NewPlace | None:
    if not places:
        return None
    away = distance_m([place.lon for place in places], [place.lat for place in places], [lon], [lat])
    best = int(away.argmin())
    return places[best] if away[best] <= NEAR_M else None
