"""Set the ``ele`` of every point of a GPX file, leaving all other bytes alone."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from routes._typing import FloatArray
from routes.errors import GPXReadError
from routes.files import shown, write_text
from routes.gpx.encoding import Source
from routes.io.points.gpx_edits import Edits, careful_edits, plain_edits
from routes.io.points.point_heights import PointHeight, check_positions, require_known

_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
_ROOT = re.compile(r"<(?:([\w.-]+):)?gpx[\s>/]")
_ENCODING = re.compile(r"""(encoding\s*=\s*)(["'])[A-Za-z0-9._-]+["']""")


@dataclass(frozen=True, slots=True, eq=False)
class GPXPoints:
    """Waypoints, route points and track points of a GPX file, ready for heights.

    The text between them stays as it is: extensions, comments, namespaces, attribute order, line endings.
    Output is UTF-8; if the input is not, its XML declaration changes too.
    """

    path: Path
    """The file."""

    head: str
    """Byte order mark and XML declaration."""

    text: bytes
    """The rest, UTF-8."""

    edits: Edits
    """Points in file order, and where their heights go."""

    lines_before: int
    """Number of lines in `head`."""

    @property
    def lon_deg(self) -> FloatArray:
        """Longitudes, degrees, within -180..180."""
        return self.edits.lon_deg

    @property
    def lat_deg(self) -> FloatArray:
        """Latitudes, degrees."""
        return self.edits.lat_deg

    def where(self, number: int) -> str:
        """Line of a point, given its number."""
        before = self.text[: self.edits.at[number]].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        line = before.count(b"\n") + 1 + self.lines_before
        return f"line {line}"

    def elevated(self, heights: Sequence[PointHeight]) -> str:
        """Text of the file with every point's height in its ``ele``, to a decimetre.

        Raises DEMError if a height is unknown: apps that sum rises over gaps get them wrong.
        """
        require_known(self.path, heights, self.where)
        return self.head + b"".join(self._pieces(heights)).decode("utf-8")

    def write(self, heights: Sequence[PointHeight], out: Path, *, overwrite: bool = False) -> None:
        """Write the file with heights.

        Raises DEMError as `elevated`, and OutputError if `out` exists (unless `overwrite`) or cannot be
        written.
        """
        write_text(out, self.elevated(heights), overwrite=overwrite)

    def _pieces(self, heights: Sequence[PointHeight]) -> Iterator[bytes]:
        done, edits = 0, self.edits
        rows = zip(edits.start, edits.end, edits.before, edits.after, heights, strict=True)
        for number, (start, end, before, after, height) in enumerate(rows):
            assert height.height_m is not None  # noqa: S101 - require_known was called
            value = f"{round(height.height_m, 1) + 0.0:.1f}".encode("ascii")
            changes = [(start, end, before + value + after)]
            if number in edits.drop:
                changes = sorted([*changes, *((a, b, b"") for a, b in edits.drop[number])])
            for first, last, new in changes:
                yield self.text[done:first]
                yield new
                done = last
        yield self.text[done:]


def read_gpx_points(path: Path) -> GPXPoints:
    """Locate the points of a GPX file in its text.

    Raises GPXReadError, with the line, if the file cannot be read, is not GPX, is not well-formed, declares a
    document type, or has a point without a position; PointFileError if it has no point, or one that is not on
    Earth. Warns with RoutesWarning if a namespace prefix is undeclared, and leaves it as it is.
    """
    head, body = _read_text(path)
    try:
        with path.open("rb") as file:
            has_mark = file.read(3) == b"\xef\xbb\xbf"
    except OSError as error:
        msg = f"Cannot read the GPX file {path}: {error.strerror}."
        raise GPXReadError(msg) from error
    text = body.encode("utf-8")
    del body  # as large as the file
    lines_before = head.count("\n")
    edits = plain_edits(text) or careful_edits(path, text, lines_before)
    # XML allows no blank space before the declaration
    head = _ENCODING.sub(
        lambda m: m[0] if m[0][len(m[1]) + 1 : -1].lower() == "utf-8" else f"{m[1]}{m[2]}UTF-8{m[2]}", head
    )
    head = ("\N{BOM}" if has_mark else "") + head.lstrip()
    points = GPXPoints(path, head, text, edits, lines_before)
    check_positions(path, points.lon_deg, points.lat_deg, points.where)
    return points


def _read_text(path: Path) -> tuple[str, str]:
    """XML declaration with surrounding blank space but no byte order mark, and the rest of a GPX file.

    The XML parser gets the rest as decoded text; without the declaration nothing contradicts that.
    """
    source = Source(path)
    raw = source.whole(source.text())
    if source.is_cut:
        source.fail("is cut off; save it anew")
    try:
        text = raw.decode()
    except UnicodeError as error:
        msg = f"{shown(path)} is not text in utf-8: {error}."
        raise GPXReadError(msg) from error
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        source.fail("declares a document type or entities, which GPX has no use for; it is refused")
    declaration = _DECLARATION.match(text)
    whole, text = text, text[declaration.end() if declaration else 0 :].lstrip()
    if not _ROOT.match(text, _start_of_root(text)):
        source.fail(f"is not GPX; it begins with {text[:40]!r}")
    return whole[: len(whole) - len(text)], text


def _start_of_root(text: str) -> int:
    """Index after the comments and processing instructions before the root element."""
    at = 0
    while True:
        end = {"<!--": "-->", "<?": "?>"}.get("<!--" if text.startswith("<!--", at) else text[at : at + 2])
        closed = text.find(end, at + 2) if end else -1
        if end is None or closed < 0:
            return at
        at = closed + len(end)
        while text[at : at + 1].isspace():
            at += 1
