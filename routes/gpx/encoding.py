"""Open a GPX file, packed or not and in any encoding, as chunks of UTF-8."""

import codecs
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NoReturn

from routes.errors import GPXReadError
from routes.files import check_regular, shown
from routes.gpx.codes import Issues

MAX_BYTES = 2_000_000_000
"""Largest unpacked text that is read, bytes; more than ten million points."""

MAX_WHOLE_BYTES = 300_000_000
"""Largest text that is held in memory as a whole; two million points."""

SUFFIXES = (".gpx", ".gpx.gz", ".gpx.zip")
"""Suffixes of GPX files, for commands that take other formats too."""

CHUNK_BYTES = 1_048_576

_HEAD_BYTES = 65_536
_PACKED_BYTES = 65_536
"""Bytes of a gzip file that are processed at a time: the rest is copied for each member."""

_MAX_MEMBERS = 50_000
_SHOWN_MEMBERS = 5
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # starts like UTF-16
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UNMARKED = (
    (b"<\0\0\0", "utf-32-le"), (b"\0\0\0<", "utf-32-be"), (b"<\0", "utf-16-le"), (b"\0<", "utf-16-be")
)  # fmt: skip
_DECLARED = re.compile(rb"""\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_CHARSETS = re.compile(
    r"ascii|utf-8|utf-(?:16|32)(?:-[bl]e)?|iso8859-\d+|cp\d+|koi8-[rtu]|mac-\w+|gb2312|gbk|gb18030|big5\w*|shift_jis\w*"
    r"|euc_\w+|tis-620"
)
"""Python's names of text encodings; it has others, such as punycode, that are not."""

_CHARSET_NAME = re.compile(r"[a-z0-9]+([_.-][a-z0-9]+)*")

_BROKEN_ZIP = (
    zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error, EOFError, ValueError, OSError, LookupError,
    struct.error,
)  # fmt: skip
"""What `zipfile` raises on files that are not ZIP."""


@dataclass(slots=True)
class Source:
    """A GPX file that can be read more than once."""

    path: Path
    data: bytes | None = None
    """Its contents, if already in memory."""

    is_cut: bool = False
    """Whether the last file read is truncated, as only its packing shows."""

    def fail(self, what: str) -> NoReturn:
        """Raise GPXReadError with the name of the file."""
        msg = f"{shown(self.path)} {what}."
        raise GPXReadError(msg)

    def text(self) -> Iterator[bytes]:
        """Chunks of the text as UTF-8, without a byte order mark; chunks may split characters and lines.

        Raises GPXReadError if it cannot be opened, unpacked or decoded, is too large, or is a ZIP that does
        not contain exactly one GPX file.
        """
        self.is_cut = False
        with closing(self._open()) as file:
            yield from self._decoded(self._bounded(self._unpacked(file)))

    def unpacked(self) -> Iterator[bytes]:
        """Unpacked chunks of the file in its own encoding.

        Raises GPXReadError as `text`, except for encoding errors.
        """
        with closing(self._open()) as file:
            yield from self._bounded(self._unpacked(file))

    def whole(self, chunks: Iterator[bytes]) -> bytes:
        """All of `text` or `unpacked` at once. Raises GPXReadError if it is too large for that."""
        parts, size = [], 0
        for chunk in chunks:
            parts.append(chunk)
            size += len(chunk)
            if size > MAX_WHOLE_BYTES:
                self.fail(f"is larger than {MAX_WHOLE_BYTES // 1_000_000} MB; split it")
        return b"".join(parts)

    def _open(self) -> IO[bytes]:
        if self.data is not None:
            return io.BytesIO(self.data)
        try:
            mode = self.path.stat().st_mode
            check_regular(mode)
            return self.path.open("rb")
        except (OSError, ValueError) as error:  # a null character in a name is a ValueError
            why = getattr(error, "strerror", None) or "its name has a null character"
            msg = f"Cannot read the GPX file {shown(self.path)}: {why}."
            raise GPXReadError(msg) from error

    def _chunks(self, file: IO[bytes], size: int | None = None) -> Iterator[bytes]:
        try:
            while chunk := file.read(size or CHUNK_BYTES):
                yield chunk
        except OSError as error:
            msg = f"Cannot read the GPX file {shown(self.path)}: {error.strerror or error}."
            raise GPXReadError(msg) from error

    def _unpacked(self, file: IO[bytes]) -> Iterator[bytes]:
        head = file.read(4)
        file.seek(0)
        if head.startswith(b"\x1f\x8b"):
            return self._gunzipped(file)
        if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
            return self._unzipped(file)
        return self._chunks(file)

    def _gunzipped(self, file: IO[bytes]) -> Iterator[bytes]:
        """Text of a gzip file with one or more members; as much as possible of a truncated one."""
        unpacker = zlib.decompressobj(wbits=31)
        members = 0
        try:
            for chunk in self._chunks(file, _PACKED_BYTES):
                left = chunk
                while left:
                    yield unpacker.decompress(left, CHUNK_BYTES)
                    left = unpacker.unconsumed_tail
                    if unpacker.eof:
                        left = unpacker.unused_data.lstrip(b"\0")
                        unpacker = zlib.decompressobj(wbits=31)
                        members += 1
                        self.is_cut = bool(left)
                    else:
                        self.is_cut = True
                    if members > _MAX_MEMBERS:
                        self.fail(f"is a gzip file of more than {_MAX_MEMBERS:,} members; pack it anew")
            yield unpacker.flush()
        except zlib.error as error:
            msg = f"{shown(self.path)} is not a sound gzip file: {error}."
            raise GPXReadError(msg) from error

    def _unzipped(self, file: IO[bytes]) -> Iterator[bytes]:
        try:
            with zipfile.ZipFile(file) as archive:
                yield from self._chunks_of_member(archive)
        except GPXReadError:
            raise
        except _BROKEN_ZIP as error:
            why = " ".join(str(error).split()) or "it is cut off"
            self.fail(f"is not a ZIP file that can be read: {why[:200]!r}")

    def _chunks_of_member(self, archive: zipfile.ZipFile) -> Iterator[bytes]:
        members = archive.infolist()
        if len(members) > _MAX_MEMBERS:
            self.fail(f"is a ZIP file of {len(members):,} files; unpack it")
        found = [
            member
            for member in members
            if member.filename.lower().endswith(".gpx")
            and not member.is_dir()
            and not member.filename.startswith("__MACOSX/")
        ]
        if not found:
            self.fail("is a ZIP file without a .gpx file in it")
        if len(found) > 1:
            names = ", ".join(repr(member.filename[:80]) for member in found[:_SHOWN_MEMBERS])
            more = f" and {len(found) - _SHOWN_MEMBERS} more" if len(found) > _SHOWN_MEMBERS else ""
            self.fail(f"is a ZIP file of several GPX files ({names}{more}); unpack it and name one of them")
        if found[0].compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            self.fail("is a ZIP file of an unusual kind; unpack it")  # others may need any amount of memory
        with archive.open(found[0]) as member:
            yield from self._chunks(member)

    def _bounded(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        total = 0
        for chunk in chunks:
            total += len(chunk)
            if total > MAX_BYTES:
                self.fail(f"is larger than {MAX_BYTES // 1_000_000:,} MB; split it")
            yield chunk

    def _decoded(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        head = b""
        for chunk in chunks:
            head += chunk
            if len(head) >= _HEAD_BYTES:
                break
        encoding, mark = self._encoding(head)
        head = head[mark:]
        if encoding == "utf-8":
            yield head
            yield from chunks
            return
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            yield from self._coded(decoder, head)
            for chunk in chunks:
                yield from self._coded(decoder, chunk)
            yield decoder.decode(b"", True).encode()  # noqa: FBT003 - takes no keyword
        except UnicodeError as error:
            if "truncated" in str(error) or "unexpected end" in str(error):
                self.is_cut = True
                return
            msg = f"{shown(self.path)} is not text in {encoding}: {error}."
            raise GPXReadError(msg) from error

    def _coded(self, decoder: codecs.IncrementalDecoder, chunk: bytes) -> Iterator[bytes]:
        """Text of a chunk in parts, since it may grow threefold."""
        for begin in range(0, len(chunk), CHUNK_BYTES):
            yield decoder.decode(chunk[begin : begin + CHUNK_BYTES]).encode()

    def _encoding(self, head: bytes) -> tuple[str, int]:
        """Encoding of a text, by its byte order mark or declaration, and the length of the mark."""
        encoding, mark = marked(head)
        if mark:
            return encoding, mark
        for beginning, encoding in _UNMARKED:
            if head.startswith(beginning):
                return encoding, 0
        encoding = _declared(head)
        try:
            name = codecs.lookup(encoding).name
        except LookupError as error:
            msg = f"{shown(self.path)} is not text in {encoding}, which nobody knows; save it as UTF-8."
            raise GPXReadError(msg) from error
        # text that declares itself in single bytes cannot use two or four
        if name in ("utf-8-sig", "ascii") or name.startswith(("utf-16", "utf-32")):
            name = "utf-8"
        if not _CHARSETS.fullmatch(name):
            self.fail(f"is not text in {encoding}, which is no encoding of text; save it as UTF-8")
        return name, 0


def marked(raw: bytes) -> tuple[str, int]:
    """Encoding from a text's byte order mark, and the length of the mark; UTF-8 and 0 without one."""
    return next(((encoding, len(mark)) for mark, encoding in _MARKS if raw.startswith(mark)), ("utf-8", 0))


def _declared(raw: bytes) -> str:
    """Encoding from an XML declaration; UTF-8 without one."""
    found = _DECLARED.match(raw)
    return found[1].decode("ascii") if found else "utf-8"


def decoded(raw: bytes, issues: Issues) -> str:
    """Text of a whole file, by its byte order mark, its declaration, or the first encoding that works."""
    encoding, mark = marked(raw)
    if mark:
        raw = raw[mark:]
        issues.add(*(("byte-order-mark", 1) if encoding == "utf-8" else ("encoding-utf-16", 1, encoding)))
    else:
        encoding = _declared(raw).lower()
        if raw.startswith((b"<\0", b"\0<")):
            encoding = "utf-16-le" if raw.startswith(b"<") else "utf-16-be"
            issues.add("encoding-utf-16", 1, encoding)
        elif encoding.startswith(("utf-16", "utf-32", "ucs")):  # one byte per character, as its declaration
            issues.add("encoding-wrong", 1, encoding)
            encoding = "utf-8"
        elif encoding not in ("utf-8", "utf8", "us-ascii", "ascii") and not raw.isascii():
            issues.add("encoding-other", 1, encoding)
    try:
        if not (_CHARSETS.fullmatch(codecs.lookup(encoding).name) and _CHARSET_NAME.fullmatch(encoding)):
            issues.add("encoding-wrong", 1, encoding)
            encoding = "utf-8"
        text = _to_end(raw, encoding)
    except (UnicodeError, LookupError) as error:
        at = error.start if isinstance(error, UnicodeDecodeError) else 0
        issues.add("encoding-wrong", 1 + raw.count(b"\n", 0, at), encoding)
        text = raw.decode("cp1252", errors="replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _to_end(raw: bytes, encoding: str) -> str:
    """Text of bytes, without a character that the end of the file truncates."""
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        if error.end < len(raw) or not re.search("end of data|truncated|incomplete", error.reason):
            raise
        return raw[: error.start].decode(encoding)
