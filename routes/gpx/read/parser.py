"""Parse GPX with an XML parser, accepting ready-made runs of plain points."""

from contextlib import suppress
from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers import expat

from routes.errors import GPXReadError
from routes.gpx.codes import Trap
from routes.gpx.names import NS_10, NS_11, XML, unknown
from routes.gpx.read.bulk import Run
from routes.gpx.read.elements import Content, Path
from routes.gpx.read.gather import quoted
from routes.gpx.track_file import GPXFile

NAMESPACES = (NS_11, NS_10, "")
"""Namespaces of GPX 1.1 and 1.0, and none, which many programs write."""

MAX_DEPTH = 100
"""Deepest nesting of elements."""

MAX_PREFIXES = 1000
"""Most namespace prefixes declared at the same time."""

MAX_TOKEN = 1_000_000
"""Longest tag, comment or instruction, bytes."""

MAX_TEXT = 100_000
"""Longest text of an element that is kept, characters."""

_SLICE = 65_536
_MARKER = "routes-run"
"""Attribute of the element that replaces a run."""

_INVALID_TOKEN = expat.errors.codes[expat.errors.XML_ERROR_INVALID_TOKEN]


class NotPlainError(Exception):
    """A run where no track points belong; the file must be read without runs."""


@dataclass(slots=True)
class Parser:
    """Builds a `GPXFile` from pieces of UTF-8 text.

    Names are resolved here instead of in expat, which rejects undeclared prefixes.
    """

    where: str
    """Name of the file, for messages."""

    lines_before: int = 0
    """Lines of the file before the parser's text; runs are not part of that text."""

    paths: list[Path] = field(default_factory=lambda: [()])
    """Path of each open element."""

    scopes: list[dict[str, str]] = field(default_factory=lambda: [{"": "", "xml": XML}])
    """Namespaces by prefix in each open element."""

    root_namespace: str | None = None
    """Namespace of the root; None before it."""

    dropped_at: int = 0
    """Depth of the open element that is ignored with its content; 0 if there is none."""

    text: list[str] = field(default_factory=list)
    text_at: int = 0
    """Depth of the open element whose text is needed; 0 if there is none."""

    text_length: int = 0
    run: Run | None = None
    """Run whose place is being checked."""

    runs_fed: int = 0
    runs_seen: int = 0
    fed: int = 0
    """Number of bytes that the parser has received."""

    tail: bytes = b""
    """The last of them: a character may be split between two pieces."""

    beginning: bytes = b""
    """First bytes of the text, for messages."""

    is_cut: bool = False
    content: Content = field(init=False)
    parser: expat.XMLParserType = field(init=False)

    def __post_init__(self) -> None:
        self.content = Content(source=self.where, fail=self.fail, line=lambda: self.line)
        self.parser = expat.ParserCreate("utf-8")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = self._doctype
        if hasattr(self.parser, "SetReparseDeferralEnabled"):  # a tag must be reported before more is fed
            self.parser.SetReparseDeferralEnabled(False)  # noqa: FBT003 - likewise no keyword

    @property
    def line(self) -> int:
        """Current line of the file."""
        return self.parser.CurrentLineNumber + self.lines_before

    def fail(self, what: str) -> NoReturn:
        """Raise GPXReadError with the current line."""
        msg = f"{self.where}, line {self.line}: {what}."
        raise GPXReadError(msg)

    def feed(self, piece: memoryview | bytes) -> None:
        """Parse a piece of text. Raises GPXReadError if it is not well-formed or not allowed in GPX."""
        for begin in range(0, len(piece), _SLICE):
            if self.is_cut:
                return
            part = piece[begin : begin + _SLICE]
            try:
                self.parser.Parse(bytes(part), False)  # noqa: FBT003 - expat takes no keyword
            except expat.ExpatError as error:
                self._take_error(error, part)
                return
            self.fed += len(part)
            self.tail = (self.tail + bytes(part[-4:]))[-4:]
            if self.fed - self.parser.CurrentByteIndex > MAX_TOKEN:
                self.fail(f"a tag or comment is longer than {MAX_TOKEN:,} bytes")

    def _take_error(self, error: expat.ExpatError, part: memoryview | bytes) -> None:
        """Reject invalid XML, unless the rest of the file was never written."""
        window = self.tail + bytes(part)
        at = self.parser.ErrorByteIndex - self.fed + len(self.tail)
        is_odd = error.code == _INVALID_TOKEN and 0 <= at < len(window)
        if self.root_namespace is not None and is_odd and window[at] == 0:
            self._cut_off("the rest is null bytes")
        elif is_odd and not _is_character(window[at : at + 4]):
            self.fail("it is not text in UTF-8 here; save it as UTF-8, or declare its encoding")
        elif self.root_namespace is None:
            self._refuse_kind(self.beginning)
        else:
            line = error.lineno + self.lines_before
            why = expat.errors.messages[error.code]
            msg = f"{self.where} is not valid GPX: line {line} is not well-formed XML ({why})."
            raise GPXReadError(msg) from error

    def _refuse_kind(self, beginning: bytes) -> NoReturn:
        msg = f"{self.where} is not GPX; it begins with {quoted(beginning.decode('utf-8', 'replace'))}."
        raise GPXReadError(msg)

    def feed_run(self, run: Run) -> None:
        """Add a run at this point of the text. Raises NotPlainError if track points do not belong here."""
        if self.is_cut:
            return
        self.run = run
        self.runs_fed += 1
        self.feed(f'<trkpt {_MARKER}="{self.runs_fed}"/>'.encode())
        if self.runs_seen != self.runs_fed:
            raise NotPlainError

    def finish(self, *, is_cut: bool = False) -> GPXFile:
        """End the text and return the file. Raises GPXReadError if it has no root element."""
        if not self.is_cut:
            try:
                self.parser.Parse(b"", True)  # noqa: FBT003 - expat takes no keyword
            except expat.ExpatError:
                is_cut = True
            if self.root_namespace is None:
                msg = f"{self.where} is not GPX; it is empty or ends before its first element."
                raise GPXReadError(msg)
            if is_cut:
                self._cut_off("it ends in the middle")
        return self.content.file()

    def _cut_off(self, why: str) -> None:
        self.content.cut_off(why)
        self.is_cut = True

    def _doctype(self, name: str, *_: object) -> None:
        if name.lower() == "html":
            msg = f"{self.where} is not GPX; it is a web page (HTML). Download the file itself."
            raise GPXReadError(msg)
        self.fail("a document type or entities are declared, which GPX has no use for; the file is refused")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        depth = len(self.paths)
        if depth > MAX_DEPTH:
            self.fail(f"elements are nested more than {MAX_DEPTH} deep")
        scope = self._scope(attributes)
        self.scopes.append(scope)
        path = self._path(name, scope)
        self.paths.append(path)
        if self.dropped_at:
            return
        self._note_undeclared_attributes(attributes, scope)
        if depth == 1:
            self._start_root(name, path, attributes)
        elif path is _DROPPED:
            self.dropped_at = depth
            self._note_undeclared(name.partition(":")[0], f"the element {quoted(name)}")
        elif self.run is not None and _MARKER in attributes:
            self._place_run(path, scope, attributes[_MARKER])
        elif self.content.open(path, attributes) and not self.text_at:
            self.text_at, self.text_length, self.text = depth, 0, []
            self.parser.CharacterDataHandler = self._characters

    def _scope(self, attributes: dict[str, str]) -> dict[str, str]:
        """Namespaces by prefix in an element with these attributes."""
        declared = {
            key[6:]: uri for key, uri in attributes.items() if key == "xmlns" or key.startswith("xmlns:")
        }
        if not declared:
            return self.scopes[-1]
        scope = {**self.scopes[-1], **declared}
        if len(scope) > MAX_PREFIXES:
            self.fail(f"more than {MAX_PREFIXES} namespace prefixes are declared")
        return scope

    def _note_undeclared_attributes(self, attributes: dict[str, str], scope: dict[str, str]) -> None:
        for key in attributes:
            prefix, colon, _ = key.partition(":")
            if colon and prefix != "xmlns" and prefix not in scope:
                self._note_undeclared(prefix, f"the attribute {quoted(key)}")

    def _path(self, name: str, scope: dict[str, str]) -> Path:
        """Path of an element; `_DROPPED` if its prefix is undeclared."""
        parent = self.paths[-1]
        prefix, colon, local = name.partition(":")
        if not colon:
            prefix, local = "", name
        uri = scope.get(prefix)
        if self.root_namespace is None:
            return (local,)
        if uri is None:
            return _DROPPED
        return (*parent, local if uri == self.root_namespace else f"{uri} {local}")

    def _note_undeclared(self, prefix: str, what: str) -> None:
        said = f"Nothing declares the prefix {quoted(prefix)}; {what} is left out."
        self.content.notes.add(Trap.UNDECLARED_PREFIX, self.line, said)

    def _start_root(self, name: str, path: Path, attributes: dict[str, str]) -> None:
        if path != ("gpx",):
            self._refuse_kind(f"<{name}>".encode())
        scope = self.scopes[-1]
        prefix = name.partition(":")[0] if ":" in name else ""
        if prefix not in scope:
            said = f"Nothing declares the prefix {quoted(prefix)} of the root; it is taken as that of GPX."
            self.content.notes.add(Trap.UNDECLARED_PREFIX, self.line, said)
            scope[prefix] = unknown(prefix)
        elif scope[prefix] not in NAMESPACES:
            said = f"The root is in the namespace {quoted(scope[prefix])}, which is not GPX's."
            self.content.notes.add(Trap.NOT_GPX_NAMESPACE, self.line, said)
        self.root_namespace = scope[prefix]
        said_of_file = self.content.said
        said_of_file["namespace"] = self.root_namespace
        said_of_file["version"] = attributes.get("version", "")
        said_of_file["creator"] = attributes.get("creator", "")

    def _place_run(self, path: Path, scope: dict[str, str], number: str) -> None:
        """Add the run that an element replaces, if points are allowed there."""
        run, self.run = self.run, None
        is_ours = run is not None and number == str(self.runs_fed) and not self.text_at
        if run is None or not is_ours or not self.content.takes_run(path):
            raise NotPlainError
        if any(scope.get(prefix, self.root_namespace) == self.root_namespace for prefix in run.prefixes):
            raise NotPlainError
        self.runs_seen += 1
        self.lines_before += run.lines
        self.content.take_run(run)

    def _end(self, _name: str) -> None:
        depth = len(self.paths) - 1
        path = self.paths.pop()
        self.scopes.pop()
        if self.dropped_at:
            if depth == self.dropped_at:
                self.dropped_at = 0
            return
        if depth == self.text_at:
            text, self.text_at = "".join(self.text), 0
            self.parser.CharacterDataHandler = None
            if self.text_length > MAX_TEXT:
                said = f"The {path[-1]} is longer than {MAX_TEXT:,} characters; it is cut."
                self.content.notes.add(Trap.TEXT_CUT, self.line, said)
                text = text[:MAX_TEXT]
            self.content.close(path, text)
        else:
            self.content.close(path, "")

    def _characters(self, text: str) -> None:
        if self.text_length <= MAX_TEXT:
            self.text.append(text)
        self.text_length += len(text)


def _is_character(raw: bytes) -> bool:
    """Whether bytes begin with a UTF-8 character."""
    for length in range(1, 5):
        with suppress(UnicodeDecodeError):
            raw[:length].decode()
            return True
    return False


_DROPPED: Path = ("",)
"""Path of an ignored element and its content."""
