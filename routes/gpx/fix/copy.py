"""A clean copy of a GPX file, with an account of every change."""

from dataclasses import dataclass
from pathlib import Path

from routes.errors import GPXReadError
from routes.files import shown
from routes.gpx.codes import Issues, Note, Notes
from routes.gpx.fix.namespaces import mend_namespaces, mend_version
from routes.gpx.fix.points import FixOptions, mend_points, mend_swapped
from routes.gpx.fix.structure import mend_structure
from routes.gpx.lint.check import CheckedGPX, check_bytes, tree_of
from routes.gpx.lint.names import are_right, bounds_of, plain_name
from routes.gpx.repair import GPXText, mended_text, read_text
from routes.gpx.tree import Node, Tree, text_of, uncollected
from routes.gpx.values import meant_number

_TEXT_WORDS = {
    "cut-off": "kept the complete points and closed what was open",
    "after-end": "dropped what stood behind the end",
    "blank-before-declaration": "removed the blank space",
    "declaration": "wrote the declaration anew",
    "bare-ampersand": "wrote &amp;",
    "html-entity": "wrote the character itself",
    "control-character": "removed it",
    "encoding-wrong": "took the text for what it can be read as and wrote UTF-8",
    "doctype": "removed the document type",
    "encoding-utf-16": "wrote UTF-8",
    "encoding-other": "wrote UTF-8",
    "byte-order-mark": "removed the mark",
}


@dataclass(frozen=True, slots=True)
class FixedGPX:
    """A clean copy."""

    text: str
    """Text of the copy, to be written as UTF-8."""

    changes: tuple[Note, ...]
    """What was changed, in the order of the lines; of one kind at most `MAX_KEPT`."""

    counts: dict[str, int]
    """How many changes there were by code."""

    left: CheckedGPX
    """What is found in the copy: only what its owner must mend, or what goes only when asked."""


def fix_gpx(path: Path | str, options: FixOptions | None = None) -> FixedGPX:
    """Clean copy of a GPX file; the file itself is not touched.

    Names, texts, times, heights and extensions stay. No height is invented and no position moved. What GPX has no
    room for where it stood goes to extensions.

    Parameters
    ----------
    path : Path or str
        The file.
    options : FixOptions, optional
        What may be left out beyond what is evidently wrong.

    Returns
    -------
    FixedGPX
        The same input gives the same text, and a clean copy of it is itself.

    Raises
    ------
    GPXReadError
        If it cannot be read, is no GPX, or is broken in the middle so that mending it would lose what follows.
    """
    path = Path(path)
    issues = Issues()
    with uncollected():
        return _fixed(read_text(path, issues), issues, shown(path), options or FixOptions())


def fix_bytes(raw: bytes, name: str = "the file", options: FixOptions | None = None) -> FixedGPX:
    """As `fix_gpx`, for the contents of a file."""
    issues = Issues()
    return _fixed(mended_text(raw, issues, name), issues, name, options or FixOptions())


def _fixed(text: GPXText, issues: Issues, name: str, options: FixOptions) -> FixedGPX:
    tree = tree_of(text, issues, name)
    changes = Notes()
    for issue in issues.all():
        if issue.code == "not-well-formed":
            _refuse(name, issue.lines, issue.detail)
        for line in issue.lines or (None,):
            changes.add(issue.code, line, _TEXT_WORDS[issue.code])
        changes.counts[issue.code] = issue.count
    _mend(tree, options, changes)
    clean = text_of(tree)
    left = check_bytes(clean.encode("utf-8"), name)
    broken = next((issue for issue in left.issues if issue.code == "not-well-formed"), None)
    if broken is not None:
        _refuse(name, broken.lines, broken.detail)
    made = sorted(changes.kept, key=lambda change: change.line)
    return FixedGPX(clean, tuple(made), changes.counts, left)


def _refuse(name: str, lines: tuple[int, ...], detail: str) -> None:
    where = f"line {lines[0]}" if lines else "one place"
    msg = f"{name} is broken in {where} ({detail}), and what follows would be lost; mend that line in an editor first."
    raise GPXReadError(msg)


def _mend(tree: Tree, options: FixOptions, changes: Notes) -> None:
    root = tree.root
    mend_swapped(root, changes)
    mend_version(tree, changes)
    mend_structure(root, changes)
    mend_points(tree, options, changes)
    _mend_names(root, changes)
    _mend_bounds(tree, changes)
    mend_namespaces(tree, changes)


def _mend_names(root: Node, changes: Notes) -> None:
    for node in root.walk():
        if node.name != "name":
            continue
        text = node.content()
        plain = plain_name(text)
        if plain != text:
            node.children, node.text = [], plain
            changes.add("html-in-name", node.line, f"the name {text.strip()[:60]!r} is now {plain[:60]!r}")


def _mend_bounds(tree: Tree, changes: Notes) -> None:
    node = next((child for child in tree.root.walk() if child.name == "bounds"), None)
    true = bounds_of(tree.root.walk())
    if node is None or true is None:
        return
    keys = ("minlat", "minlon", "maxlat", "maxlon")
    stated = [meant_number(node.attributes[key]) for key in keys]
    known = tuple(value for value in stated if value is not None)
    if len(known) == 4 and are_right(known, true):
        return
    node.attributes.update({key: f"{value:f}" for key, value in zip(keys, true, strict=True)})
    changes.add("bounds-wrong", node.line, f"bounds are now {', '.join(f'{value:f}' for value in true)}")
