"""Write a clean copy of a GPX file and list every change."""

from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from routes.errors import GPXReadError
from routes.files import shown
from routes.gpx.codes import Issue, Issues, Note, Notes
from routes.gpx.encoding import Source
from routes.gpx.fix.namespaces import mend_namespaces, mend_version
from routes.gpx.fix.points import FixOptions, mend_points, mend_swapped
from routes.gpx.fix.structure import mend_structure
from routes.gpx.lint.check import CheckedGPX, check_bytes, tree_of
from routes.gpx.lint.names import are_right, bounds_of, plain_name
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
    """Changes in line order, at most `MAX_KEPT` of a kind."""

    counts: dict[str, int]
    """Number of changes by code."""

    left: CheckedGPX
    """Findings in the copy: those that only its owner can fix, or that need an option."""


def fix_gpx(path: Path | str, options: FixOptions | None = None) -> FixedGPX:
    """Clean copy of a GPX file; the file itself is not changed.

    Names, texts, times, heights and extensions stay. No height is invented and no position moved. Content
    with no place in GPX is moved to extensions. The copy of a copy is identical. Raises GPXReadError if the
    file cannot be read, is not GPX, or is broken in the middle, so that a fix would lose the rest.
    """
    source = Source(Path(path))
    return fix_bytes(source.whole(source.unpacked()), shown(source.path), options)


def fix_bytes(raw: bytes, name: str = "the file", options: FixOptions | None = None) -> FixedGPX:
    """Like `fix_gpx`, for the contents of a file."""
    issues, changes = Issues(), Notes()
    with uncollected():
        tree = tree_of(raw, issues, name)
        for issue in issues.all():
            if issue.code == "not-well-formed":
                _refuse(name, issue)
            for line in issue.lines or (None,):
                changes.add(issue.code, line, _TEXT_WORDS[issue.code])
            changes.counts[issue.code] = issue.count
        _mend(tree, options or FixOptions(), changes)
        clean = text_of(tree)
        left = check_bytes(clean.encode("utf-8"), name)
    for issue in left.issues:
        if issue.code == "not-well-formed":
            _refuse(name, issue)
    made = sorted(changes.kept, key=lambda change: change.line)
    return FixedGPX(clean, tuple(made), changes.counts, left)


def _refuse(name: str, issue: Issue) -> NoReturn:
    where = f"line {issue.lines[0]}" if issue.lines else "one place"
    msg = (
        f"{name} is broken in {where} ({issue.detail}), and what follows would be lost; mend that line in an editor "
        "first."
    )
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
