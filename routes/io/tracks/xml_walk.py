"""Walk through foreign XML safely, element by element, with line numbers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol
from xml.parsers import expat

from routes.gpx.codes import Trap
from routes.io.tracks.builder import TrackBuilder

_CHUNK_BYTES = 4_194_304
_MAX_DEPTH = 200
_CUT = (expat.errors.XML_ERROR_NO_ELEMENTS, expat.errors.XML_ERROR_UNCLOSED_TOKEN)
"""expat's errors at the end of a truncated file."""


class Content(Protocol):
    """Handler for the elements of a format."""

    def start(self, path: list[str], attributes: Mapping[str, str], line: int) -> None:
        """Handle the start of an element, given its path of local names."""

    def end(self, path: list[str], text: str, line: int) -> None:
        """Handle the end of an element, with its own text outside other elements."""


@dataclass(slots=True)
class _Walk:
    made: TrackBuilder
    content: Content
    parser: expat.XMLParserType
    path: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.path.append(name.rpartition(":")[2])
        if len(self.path) > _MAX_DEPTH:
            self.made.fail(f"elements are nested more than {_MAX_DEPTH} deep", self._where())
        self.text.clear()
        self.content.start(self.path, attributes, self.parser.CurrentLineNumber)

    def end(self, _: str) -> None:
        self.content.end(self.path, "".join(self.text), self.parser.CurrentLineNumber)
        self.text.clear()
        self.path.pop()

    def refuse(self, *_: object) -> None:
        self.made.fail("it declares a document type, for which it has no use; it is refused", self._where())

    def _where(self) -> str:
        return f"line {self.parser.CurrentLineNumber}"


def walk(data: bytes, made: TrackBuilder, content: Content) -> None:
    """Feed XML to a handler; in a truncated file, open elements have no end.

    Raises TrackReadError, with the line, if it is not well-formed, declares a document type, or is nested too
    deeply.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    seen = _Walk(made, content, parser)
    parser.StartElementHandler, parser.EndElementHandler = seen.start, seen.end
    parser.CharacterDataHandler = seen.text.append
    parser.StartDoctypeDeclHandler = seen.refuse
    parser.EntityDeclHandler = seen.refuse
    try:
        for first in range(0, len(data), _CHUNK_BYTES):
            parser.Parse(data[first : first + _CHUNK_BYTES], False)  # noqa: FBT003 - takes no keyword
        parser.Parse(b"", True)  # noqa: FBT003
    except expat.ExpatError as error:
        why = expat.ErrorString(error.code)
        if why in _CUT and seen.path:
            text = f"The file ends in the middle of <{seen.path[-1]}>; what is complete before it is read."
            made.notes.add(Trap.CUT_OFF, error.lineno, text)
            return
        made.fail(f"it is not well-formed XML: {why}", f"line {error.lineno}")
    except (ValueError, LookupError) as error:  # an unknown encoding
        made.fail(f"it cannot be decoded: {error}")
