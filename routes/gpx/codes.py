"""Rules of `routes check`: code, severity, message and remedy of every finding."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from routes.gpx.names import NS_11


class Severity(StrEnum):
    """Severity of a finding."""

    ERROR = "error"
    """Breaks the standard, so some apps refuse the file or misread it."""

    WARNING = "warning"
    """The standard allows it, but some apps show something wrong."""

    NOTE = "note"
    """Worth knowing; no action needed."""

    @property
    def rank(self) -> int:
        """Larger is worse."""
        return {Severity.NOTE: 1, Severity.WARNING: 2, Severity.ERROR: 3}[self]


class Fix(StrEnum):
    """Whether a clean copy can fix the finding."""

    YES = "yes"
    """``--fix`` fixes it."""

    ASKED = "asked"
    """An extra option with ``--fix`` fixes it, because recorded data is removed."""

    NO = "no"
    """Only the owner of the file can fix it."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule."""

    severity: Severity
    """How bad it is."""

    title: str
    """What is wrong, as a sentence without a full stop."""

    remedy: str
    """What to do about it."""

    fix: Fix = Fix.NO
    """Whether a clean copy can fix it."""


@dataclass(frozen=True, slots=True)
class Issue:
    """One finding, with all the places where it occurs."""

    code: str
    """Key of `RULES`."""

    lines: tuple[int, ...] = ()
    """Line numbers, from 1, at most `MAX_LINES`; empty if it concerns the whole file."""

    count: int = 1
    """Number of occurrences."""

    detail: str = ""
    """What was found at the first of them."""

    @property
    def rule(self) -> Rule:
        """Rule of the finding."""
        return RULES[self.code]

    @property
    def severity(self) -> Severity:
        """Its severity."""
        return self.rule.severity

    @property
    def message(self) -> str:
        """What is wrong, in one sentence."""
        if not self.detail:
            return f"{self.rule.title}."
        return f"{self.rule.title}{': ' if self.count == 1 else ', first '}{self.detail}."


MAX_LINES = 5
"""Most lines that a finding lists; the rest are only counted."""

MAX_KEPT = 1000
"""Most notes of one kind that are kept; all are counted."""


@dataclass(slots=True)
class Issues:
    """Findings by code, while they are collected."""

    found: dict[str, tuple[list[int], int, str]] = field(default_factory=dict)
    """First lines, count and first detail by code."""

    def add(self, code: str, line: int | None = None, detail: str = "", count: int = 1) -> None:
        """Record a finding in a line, `count` times."""
        lines, before, first = self.found.get(code, ([], 0, detail))
        if line is not None and len(lines) < MAX_LINES:
            lines.append(line)
        self.found[code] = (lines, before + count, first)

    def wants_line(self, code: str) -> bool:
        """Whether another line of this finding would be kept."""
        return code not in self.found or len(self.found[code][0]) < MAX_LINES

    def all(self) -> tuple[Issue, ...]:
        """Findings, worst first, then in the order of the rules."""
        order = {code: number for number, code in enumerate(RULES)}
        issues = [Issue(code, tuple(ln), count, detail) for code, (ln, count, detail) in self.found.items()]
        return tuple(sorted(issues, key=lambda issue: (-issue.severity.rank, order[issue.code])))


@dataclass(frozen=True, slots=True)
class Note:
    """Something odd that was read anyway, or that a clean copy changes."""

    code: str
    """Key of `RULES`, or a `Trap`."""

    line: int
    """Line of the (unpacked) file, from 1; 0 if it concerns the whole file."""

    text: str
    """What was found, and what was done with it."""


@dataclass(slots=True)
class Notes:
    """Notes of a file, counted, and kept up to a number per kind."""

    kept: list[Note] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    """Number of notes by code."""

    def add(self, code: str, line: int | None, text: str) -> None:
        """Record an oddity or change in a line."""
        self.counts[code] = self.counts.get(code, 0) + 1
        if self.counts[code] <= MAX_KEPT:
            self.kept.append(Note(code, line or 0, text))


_E, _W, _N = Severity.ERROR, Severity.WARNING, Severity.NOTE
_XMLNS = f'write xmlns="{NS_11}"'
_ELEVATION = "give every point a height with routes elevation FILE.gpx -o OUT.gpx"

RULES: Mapping[str, Rule] = MappingProxyType({
    # text
    "not-well-formed": Rule(_E, "not well-formed XML, the rest is not looked at", "mend that line in a text editor"),
    "cut-off": Rule(_E, "the file ends in the middle", "download it again; --fix keeps the complete points", Fix.YES),
    "after-end": Rule(_E, "something stands behind the end of the GPX", "remove it", Fix.YES),
    "blank-before-declaration": Rule(_E, "blank space stands before <?xml", "remove it", Fix.YES),
    "declaration": Rule(_E, "the XML declaration is wrong", 'write <?xml version="1.0"?>', Fix.YES),
    "bare-ampersand": Rule(_E, "a bare & in the text", "write &amp;", Fix.YES),
    "html-entity": Rule(_E, "an entity of HTML, which XML does not know", "write the character itself", Fix.YES),
    "control-character": Rule(_E, "a control character, which XML cannot hold", "remove it", Fix.YES),
    "encoding-wrong": Rule(
        _E, "the text is not in the encoding that it claims", "save it as UTF-8; --fix guesses Windows-1252", Fix.YES
    ),
    "doctype": Rule(_E, "a document type, which GPX does not have", "remove <!DOCTYPE ...>", Fix.YES),
    "encoding-utf-16": Rule(_W, "encoded as UTF-16 or UTF-32", "save it as UTF-8", Fix.YES),
    "encoding-other": Rule(_W, "not encoded as UTF-8", "save it as UTF-8", Fix.YES),
    "byte-order-mark": Rule(_N, "a byte order mark before the text", "save it without one", Fix.YES),
    # root element
    "no-namespace": Rule(_E, "no namespace", _XMLNS, Fix.YES),
    "not-gpx-namespace": Rule(
        _E, "not the namespace of GPX", _XMLNS, Fix.YES
    ),
    "version": Rule(_E, "the version is missing or wrong", 'write version="1.1"', Fix.YES),
    "creator": Rule(_E, "the creator is missing", 'write creator="..." in <gpx>', Fix.YES),
    "undeclared-prefix": Rule(_E, "a prefix that nothing declares", 'declare it in <gpx>: xmlns:NAME="..."', Fix.YES),
    "namespace-form": Rule(_E, "the name of a namespace is no URI", "write the right one", Fix.YES),
    "prefixed": Rule(_W, "the elements of GPX have a prefix", "write <gpx>, not <x:gpx>", Fix.YES),
    "gpx-1.0": Rule(_W, "GPX 1.0, which 1.1 replaced in 2004", "save it as GPX 1.1", Fix.YES),
    # schema
    "child-order": Rule(_E, "an element in the wrong place", "put the elements in the order of the schema", Fix.YES),
    "child-repeated": Rule(_E, "an element twice that may stand once", "keep one of them", Fix.YES),
    "child-unknown": Rule(_E, "an element that GPX does not have there", "put it into <extensions>", Fix.YES),
    "child-in-text": Rule(_E, "elements inside a text", "write plain text", Fix.YES),
    "stray-text": Rule(_E, "text between elements", "remove it", Fix.YES),
    "extension-namespace": Rule(
        _E, "an extension without a namespace of its own", "give it a prefix that is declared", Fix.YES
    ),
    "attribute-missing": Rule(_E, "an attribute is missing", "add it; --fix drops the element", Fix.YES),
    "attribute-unknown": Rule(_E, "an attribute that GPX does not have there", "remove it", Fix.YES),
    # positions
    "position-range": Rule(_E, "a position that is not on Earth", "correct it; --fix drops the point", Fix.YES),
    "position-form": Rule(_E, "a position that is no number", "correct it; --fix drops the point", Fix.YES),
    "swapped": Rule(_E, "latitudes and longitudes are swapped", "swap them", Fix.YES),
    "longitude-wrapped": Rule(_E, "a longitude beyond 180 degrees", "take off 360 degrees", Fix.YES),
    "longitude-180": Rule(_E, "a longitude of 180, which the schema excludes", "write -180", Fix.YES),
    "exponent": Rule(_E, "a number with an exponent", "write it in full: -0.000048 for -4.8e-05", Fix.YES),
    "decimal-comma": Rule(_E, "a decimal comma", "write a point", Fix.YES),
    # values
    "ele-empty": Rule(_E, "an empty <ele>", f"remove it, or {_ELEVATION}", Fix.YES),
    "ele-not-a-number": Rule(_E, "a height that is no number", f"remove it, or {_ELEVATION}", Fix.YES),
    "time-empty": Rule(_E, "an empty <time>", "remove it", Fix.YES),
    "time-not-a-time": Rule(_E, "a time that is none", "write it as 2026-05-31T06:00:00Z", Fix.YES),
    "value-form": Rule(_E, "a value of the wrong form", "correct or remove it", Fix.YES),
    "time-without-zone": Rule(_W, "a time without a zone", "end it with Z: GPX has UTC", Fix.YES),
    # content
    "nothing": Rule(_W, "no track, route or waypoint", "export it again"),
    "segment-empty": Rule(_W, "a track, route or segment without points", "remove it", Fix.YES),
    "one-point": Rule(
        _W, "a track or segment of one point", "remove it; --fix makes a waypoint of a track's only point", Fix.YES
    ),
    "bounds-wrong": Rule(_W, "<bounds> are not those of the points", "compute them anew", Fix.YES),
    # lines
    "route-repeats-track": Rule(
        _W, "a route repeats a track, which doubles the distance", "remove the route", Fix.YES
    ),
    "track-twice": Rule(_W, "a track stands twice", "remove one", Fix.YES),
    "track-alike": Rule(_W, "two tracks run along the same way", "keep one, if they are one walk"),
    "maybe-swapped": Rule(
        _W, "a waypoint lies beside the way only if latitude and longitude change places", "look at it on a map"
    ),
    "gap-in-segment": Rule(_W, "a jump within a segment", "part the segment there, if nobody walked it"),
    "spike": Rule(_W, "a spike: a point far out from its neighbours", "remove it: --fix --fix-spikes", Fix.ASKED),
    "null-island": Rule(
        _W, "a position of 0, 0 far from all others", "remove it: --fix --fix-spikes", Fix.ASKED
    ),
    "gap-between-segments": Rule(_N, "a gap between segments", "none is needed; where nobody walked it is right"),
    "standstill": Rule(_N, "clusters of points where the recorder stood still", "none is needed"),
    "point-repeated": Rule(_N, "a point that stands twice in a row", "remove one", Fix.YES),
    "out-and-back": Rule(_N, "part of the way is walked twice", "none is needed; distances count both"),
    "coarse-positions": Rule(_N, "positions are rounded to a grid", "export it with six decimals"),
    "many-decimals": Rule(_N, "more decimals than any receiver has", "six decimals are 0.1 m"),
    # heights and times
    "ele-gaps": Rule(_W, "some points of a track have no height", f"{_ELEVATION}, or --fix --drop-heights", Fix.ASKED),
    "ele-all-zero": Rule(_W, "all heights are 0", f"{_ELEVATION}, or --fix --drop-heights", Fix.ASKED),
    "ele-zero": Rule(_W, "a height of 0 among others", f"{_ELEVATION}, or --fix --drop-heights", Fix.ASKED),
    "ele-void": Rule(_W, "a height that is the code of a void", f"remove it, or {_ELEVATION}", Fix.YES),
    "ele-absurd": Rule(
        _W, "a height that no land has", f"correct it, or {_ELEVATION}; --fix --drop-heights removes all", Fix.ASKED
    ),
    "ele-spike": Rule(_N, "a height that jumps up or down and back", "none is needed; ascents are too large"),
    "ele-missing": Rule(_N, "no heights", _ELEVATION),
    "time-order": Rule(_W, "times run backwards", "sort out where it was joined"),
    "time-absurd": Rule(_W, "a time before there was GPS", "correct or remove it"),
    # names
    "html-in-name": Rule(_W, "a name with HTML", "write plain text", Fix.YES),
    "entity-in-name": Rule(_W, "a name that is escaped twice", "write &amp; and not &amp;amp;", Fix.YES),
    "garbled-text": Rule(_W, "garbled text: UTF-8 that was read as something else", "type it anew"),
    "name-line-break": Rule(_N, "a name of several lines", "write it on one", Fix.YES),
    "name-long": Rule(_N, "a long name", "put what is long into <desc>"),
    "waypoint-name-twice": Rule(_N, "waypoints of the same name at different places", "tell them apart"),
    "garmin-symbol": Rule(_N, "a <sym> that Garmin does not have", "take one of its names"),
    # size
    "many-points": Rule(_N, "more points than old devices load", "simplify the track"),
    "huge-extensions": Rule(_N, "most of the file is extensions", "export it without, if it is slow"),
})  # fmt: skip
"""Rules by code. Codes never change; new ones may be added."""


class Trap(StrEnum):
    """Codes of reader warnings that are not among `RULES`."""

    BLANK_BEFORE_DECLARATION = "blank-before-declaration"
    UNDECLARED_PREFIX = "undeclared-prefix"
    CUT_OFF = "cut-off"
    ELE_EMPTY = "ele-empty"
    ELE_NOT_A_NUMBER = "ele-not-a-number"
    TIME_EMPTY = "time-empty"
    TIME_NOT_A_TIME = "time-not-a-time"
    TIME_WITHOUT_ZONE = "time-without-zone"
    LONGITUDE_WRAPPED = "longitude-wrapped"
    EXPONENT = "exponent"
    BOUNDS_WRONG = "bounds-wrong"
    NOT_GPX_NAMESPACE = "not-gpx-namespace"

    ELE_REPEATED = "ele-repeated"
    """A second ``ele`` in one point; the first counts."""

    TIME_REPEATED = "time-repeated"
    """A second ``time`` in one point; the first counts."""

    TEXT_CUT = "text-cut"
    """A name or description that was too long and has been cut."""

    CHECKSUM = "checksum"
    """A checksum that does not match its file."""

    GEOMETRY_LEFT_OUT = "geometry-left-out"
    """A geometry that is neither a line nor a point; left out."""
