"""Check a GPX file for violations of the standard and known app problems."""

from dataclasses import dataclass
from pathlib import Path

from routes.errors import GPXReadError
from routes.files import shown
from routes.gpx.codes import Issue, Issues, Severity
from routes.gpx.encoding import Source
from routes.gpx.lint.columns import columns_of, is_swapped, points_of
from routes.gpx.lint.heights import check_heights, check_times
from routes.gpx.lint.names import check_bounds, check_names, check_sizes
from routes.gpx.lint.positions import check_lines
from routes.gpx.lint.repeats import check_repeats
from routes.gpx.lint.structure import check_structure
from routes.gpx.repair import mended_text
from routes.gpx.tree import Tree, parse, uncollected


@dataclass(frozen=True, slots=True)
class CheckedGPX:
    """Findings of a file."""

    name: str
    """Name of the file, as shown in messages."""

    issues: tuple[Issue, ...]
    """Findings, worst first."""

    n_tracks: int
    n_routes: int
    n_waypoints: int

    n_points: int
    """Points of tracks and routes."""

    @property
    def worst(self) -> Severity | None:
        """Severity of the worst finding; None if there are none."""
        return self.issues[0].severity if self.issues else None

    @property
    def codes(self) -> frozenset[str]:
        """Codes of the findings."""
        return frozenset(issue.code for issue in self.issues)


def check_gpx(path: Path | str) -> CheckedGPX:
    """Findings of a GPX file, which stays unchanged.

    Raises GPXReadError if it cannot be read, is not GPX, or declares entities.
    """
    source = Source(Path(path))
    return check_bytes(source.whole(source.unpacked()), shown(source.path))


def check_bytes(raw: bytes, name: str = "the file") -> CheckedGPX:
    """Like `check_gpx`, for the contents of a file."""
    issues = Issues()
    with uncollected():
        tree = tree_of(raw, issues, name)
        check_structure(tree, issues)
        file = columns_of(tree)
        if "position-range" in issues.found and is_swapped(points := points_of(tree.nodes)):
            issues.add("swapped", points[0].line, "", len(points))
        check_names(tree, issues)
        check_bounds(tree, issues)
        check_sizes(tree, issues)
        check_lines(file, issues)
        check_repeats(file, issues)
        check_heights(file, issues)
        check_times(file, issues)
    tracks = len(file.tracks)
    return CheckedGPX(name, issues.all(), tracks, len(file.ways) - tracks, len(file.waypoints), file.n_points)


def tree_of(raw: bytes, issues: Issues, name: str) -> Tree:
    """Tree of a file's contents. Raises GPXReadError if it has no root, or one other than ``gpx``."""
    tree = parse(*mended_text(raw, issues, name), issues)
    root = "" if tree is None else tree.root.tag.rpartition(":")[2]
    if tree is None or root != "gpx":
        why = next((issue.message for issue in issues.all()), f"its root is <{root}>.")
        msg = f"{name} is not GPX: {why}"
        raise GPXReadError(msg)
    return tree
