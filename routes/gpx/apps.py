"""Known effects of GPX problems in apps and libraries, as observed."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AppEffect:
    """Effect of a problem in one program."""

    app: str
    """Name, with the version tested if known."""

    codes: tuple[str, ...]
    """Codes of findings (`routes.gpx.codes.RULES`)."""

    effect: str
    """What it does, as a clause with the program as subject."""


EVERYBODY = "almost all apps"
"""Stands for many programs that were not tested one by one."""

_REFUSES = "refuses the file"
_NO_ELE = ("ele-gaps", "ele-missing", "ele-empty")

EFFECTS = (
    AppEffect("Garmin devices", ("garmin-symbol",), "show a symbol of their own choice"),
    AppEffect("GPXSee 16", ("time-empty", "decimal-comma"), _REFUSES),
    AppEffect("GPXSee 16", ("route-repeats-track",), "counts the distance twice"),
    AppEffect("leaflet-gpx 2.2", ("route-repeats-track",), "counts the distance twice"),
    AppEffect("gpxjs 1.2", ("ele-gaps",), "sums ascent wrongly across missing heights (161 m for 471 m)"),
    AppEffect("gpxparser", ("ele-gaps",), "sums ascent wrongly across missing heights (161 m for 471 m)"),
    AppEffect("gpx.studio", _NO_ELE, "counts a missing height as 0"),
    AppEffect("wanderer", _NO_ELE, "counts a missing height as 0"),
    AppEffect("wanderer", ("gap-between-segments",), "draws a line across the gap"),
    AppEffect("fastgpx", _NO_ELE, "counts a missing height as 0"),
    AppEffect("QMapShack", ("gap-between-segments",), "draws a line across the gap"),
    AppEffect("GDAL, QGIS", ("encoding-utf-16",), _REFUSES),
    AppEffect("GDAL, QGIS", ("decimal-comma",), "reads 100,5 as 100"),
    AppEffect("pyogrio", ("one-point",), "crashes"),
    AppEffect("gpxpy", ("encoding-utf-16", "encoding-other"), "takes the text for UTF-8"),
    AppEffect("gpxpy", ("prefixed",), "finds no point and says nothing"),
    AppEffect("gpxpy", ("undeclared-prefix",), _REFUSES),
    AppEffect("gpxpy", ("position-range",), "takes positions that are not on Earth"),
    AppEffect("gpxpy", ("time-without-zone",), "mixes times with and without zone"),
    AppEffect("gpxpy 1.5", ("ele-gaps",), "sums ascent wrongly (217,842 m for 1114 m)"),
    AppEffect(EVERYBODY, ("blank-before-declaration",), "refuse the file"),
    AppEffect(EVERYBODY, ("cut-off",), "lose everything, not only the end"),
)
"""Observed with the named versions; a program that is missing was not tested or has no problem."""


def effects_of(codes: set[str]) -> tuple[AppEffect, ...]:
    """Effects on programs of a file with these findings, each with its codes that apply."""
    return tuple(
        AppEffect(row.app, met, row.effect)
        for row in EFFECTS
        if (met := tuple(code for code in row.codes if code in codes))
    )


APPS = tuple(dict.fromkeys(row.app for row in EFFECTS))
"""Programs with known effects, each once."""
