"""GPX as an editable tree that keeps prefixes, comments, blank space and line numbers.

The standard library's trees lose the prefixes as written, reject undeclared ones, and have no line numbers.
"""

import gc
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from xml.parsers import expat
from xml.sax.saxutils import escape

from routes.gpx.codes import Issues
from routes.gpx.names import XML

COMMENT = "!--"
"""Tag of a comment, whose text is in `Node.text`."""

INSTRUCTION = "?"
"""Tag of a processing instruction."""

UNDECLARED = "?"
"""Marks an undeclared prefix."""

MAX_DEPTH = 200
"""Deepest nesting that is read; GPX with foreign extensions has about ten levels."""


class Node:
    """An element, a comment or a processing instruction."""

    __slots__ = ("attributes", "children", "line", "name", "space", "tag", "tail", "text")

    def __init__(
        self, tag: str, attributes: dict[str, str], line: int, name: str = "", space: str = ""
    ) -> None:
        self.tag = tag
        """Name as written, with its prefix."""
        self.name = name
        """Name in the root's namespace; empty if it is in another."""
        self.space = space
        """Its namespace, empty if it has none; `UNDECLARED` and the prefix if that is undeclared."""
        self.attributes = attributes
        """Attributes as written, including namespace declarations."""
        self.line = line
        """Line of the file, from 1; 0 if it was added."""
        self.text = ""
        """Text before the first child."""
        self.tail = ""
        """Text after the element."""
        self.children: list[Node] = []
        """Children in order."""

    @property
    def elements(self) -> list["Node"]:
        """Child elements."""
        return [child for child in self.children if child.tag not in (COMMENT, INSTRUCTION)]

    def called(self, *names: str) -> list["Node"]:
        """GPX children with these names."""
        return [child for child in self.children if child.name in names]

    def text_of(self, name: str) -> str:
        """Text of the first child with a name; empty if there is none."""
        return next((child.content().strip() for child in self.children if child.name == name), "")

    def walk(self) -> Iterator["Node"]:
        """Iterate over it and every element below, in file order."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            if node.tag in (COMMENT, INSTRUCTION):
                continue
            yield node
            waiting.extend(reversed(node.children))

    def content(self) -> str:
        """Text of it and of all elements below it, without comments."""
        parts = [self.text]
        for child in self.children:
            if child.tag not in (COMMENT, INSTRUCTION):
                parts.append(child.content())
            parts.append(child.tail)
        return "".join(parts)


@dataclass(frozen=True, slots=True)
class Tree:
    """A parsed file."""

    before: tuple[Node, ...]
    """Comments and instructions before the root."""

    root: Node
    """Its root; elements that are never closed end with the text."""

    is_whole: bool
    """Whether it was read to its end."""

    nodes: tuple[Node, ...]
    """Every element as read, in file order; iterating over them is faster than walking."""


_CUT = frozenset({
    expat.errors.codes[message]
    for message in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
        expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
    )
})  # fmt: skip
_JUNK = expat.errors.codes[expat.errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT]
_KEPT_OPEN = frozenset({"gpx", "trk", "rte", "trkseg", "metadata"})
"""Elements that are worth keeping when truncated."""


class _Builder:
    """Receives the parser's events."""

    def __init__(self, parser: expat.XMLParserType, first_line: int) -> None:
        self.parser = parser
        self.offset = first_line - 1
        self.top = Node("", {}, 0)
        self.all: list[Node] = []
        self.open = [self.top]
        self.last = self.top
        """Node that the next text belongs to."""
        self.is_inside = True
        """Whether that is its text, and not its tail."""
        self.scope = {"": "", "xml": XML}
        """Current namespaces by prefix."""
        self.scopes: list[tuple[int, dict[str, str], dict[str, tuple[str, str]]]] = []
        """Outer scopes and names, with the depth where each applies."""
        self.names: dict[str, tuple[str, str]] = {}
        """Resolved names in the current scope."""
        self.home: str | None = None
        """Namespace of the root."""
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.data
        parser.CommentHandler = self.comment
        parser.ProcessingInstructionHandler = self.instruction

    def let_go(self) -> None:
        """Drop the parser: the two refer to each other and would keep the whole tree alive."""
        parser = self.parser
        parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = None, None, None
        parser.CommentHandler, parser.ProcessingInstructionHandler = None, None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        declared = [key for key in attributes if key.startswith("xmlns")] if attributes else None
        if declared:
            self.scopes.append((len(self.open), self.scope, self.names))
            self.scope = self.scope | {key[6:]: attributes[key] for key in declared if key[5:6] in ("", ":")}
            self.names = {}
        known = self.names.get(tag)
        if known is None:
            known = self.names[tag] = self._resolved(tag)
        node = Node(tag, attributes, self.parser.CurrentLineNumber + self.offset, *known)
        self.open[-1].children.append(node)
        self.open.append(node)
        self.all.append(node)
        if len(self.open) > MAX_DEPTH:
            raise _TooDeepError
        self.last = node
        self.is_inside = True

    def _resolved(self, tag: str) -> tuple[str, str]:
        """Name of an element in the root's namespace, and its namespace."""
        prefix, _, local = tag.rpartition(":")
        space = self.scope.get(prefix, UNDECLARED + prefix)
        if self.home is None:
            self.home = space
        return (local if space == self.home else ""), space

    def end(self, _: str) -> None:
        self.last = self.open.pop()
        self.is_inside = False
        if self.scopes and self.scopes[-1][0] == len(self.open):
            self.scope, self.names = self.scopes.pop()[1:]

    def data(self, text: str) -> None:
        if self.is_inside:
            self.last.text += text
        else:
            self.last.tail += text

    def comment(self, text: str) -> None:
        self._leaf(COMMENT, text)

    def instruction(self, target: str, text: str) -> None:
        self._leaf(INSTRUCTION, f"{target} {text}".rstrip())

    def _leaf(self, tag: str, text: str) -> None:
        node = Node(tag, {}, self.parser.CurrentLineNumber + self.offset)
        node.text = text
        self.open[-1].children.append(node)
        self.last = node
        self.is_inside = False


class _TooDeepError(Exception):
    """Elements are nested too deeply."""


@contextmanager
def uncollected() -> Iterator[None]:
    """Disable the garbage collector: it finds nothing among a million live nodes, and doubles the time."""
    was_collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_collecting:
            gc.enable()


def parse(text: str, first_line: int, issues: Issues) -> Tree | None:
    """Tree of a file; None if even its root cannot be read."""
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.buffer_size = 1 << 16
    builder = _Builder(parser, first_line)
    is_whole = True
    raw = text.encode("utf-8", "replace")
    try:
        parser.Parse(raw, True)  # noqa: FBT003 - expat has it by position
    except expat.ExpatError as error:
        is_whole = error.code == _JUNK
        _tell(error, raw[parser.ErrorByteIndex :], first_line, issues)
    except _TooDeepError:
        is_whole = False
        issues.add(
            "not-well-formed",
            parser.CurrentLineNumber + builder.offset,
            f"more than {MAX_DEPTH} elements in one another",
        )
    finally:
        builder.let_go()
    nodes = builder.top.children
    if not is_whole:
        dropped = _drop_open(builder.open[1:])
        if dropped is not None:
            gone = {id(node) for node in dropped.walk()}
            builder.all = [node for node in builder.all if id(node) not in gone]
    root = next((node for node in nodes if node.tag not in (COMMENT, INSTRUCTION)), None)
    if root is None:
        return None
    return Tree(tuple(nodes[: nodes.index(root)]), root, is_whole, tuple(builder.all))


def _tell(error: expat.ExpatError, rest: bytes, first_line: int, issues: Issues) -> None:
    line = error.lineno + first_line - 1
    if error.code in _CUT:
        issues.add("cut-off", line)
    elif error.code == _JUNK and not re.search(rb"<\w", rest):
        issues.add("after-end", line)
    else:
        issues.add("not-well-formed", line, expat.ErrorString(error.code) or "")


def _drop_open(open_nodes: list[Node]) -> Node | None:
    """Remove and return the first open element that is worthless without its end."""
    for parent, node in pairwise(open_nodes):
        if node.tag.rpartition(":")[2] not in _KEPT_OPEN:
            return parent.children.pop()
    return None


def text_of(tree: Tree) -> str:
    """Text of a tree; unchanged parts stay as they were, except for quotes, entities and CDATA."""
    parts = ['<?xml version="1.0" encoding="UTF-8"?>\n']
    for node in tree.before:
        _write(node, parts)
        parts.append("\n")
    tree.root.tail = "\n"
    _write(tree.root, parts)
    return "".join(parts)


_QUOTED = {'"': "&quot;", "\n": "&#10;", "\t": "&#9;", "\r": "&#13;"}


def _write(node: Node, parts: list[str]) -> None:
    # an element that is still open is on the stack as its closing text
    waiting: list[Node | str] = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            parts.append(one)
            continue
        if one.tag == COMMENT:
            parts.append(f"<!--{one.text}-->{_escaped(one.tail)}")
            continue
        if one.tag == INSTRUCTION:
            parts.append(f"<?{one.text}?>{_escaped(one.tail)}")
            continue
        attributes = "".join(
            [f' {name}="{escape(value, _QUOTED)}"' for name, value in one.attributes.items()]
        )
        if not one.children and not one.text:
            parts.append(f"<{one.tag}{attributes}/>{_escaped(one.tail)}")
        elif not one.children:
            parts.append(f"<{one.tag}{attributes}>{_escaped(one.text)}</{one.tag}>{_escaped(one.tail)}")
        else:
            parts.append(f"<{one.tag}{attributes}>{_escaped(one.text)}")
            waiting.append(f"</{one.tag}>{_escaped(one.tail)}")
            waiting.extend(reversed(one.children))


def _escaped(text: str) -> str:
    if text.isspace() or not text:
        return text.replace("\r", "&#13;")
    return escape(text, {"\r": "&#13;"})
