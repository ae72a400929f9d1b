"""Fuzz the reader of GPX: whatever the bytes, it reads or raises a RoutesError, and both ways of reading agree.

    python -m tests.gpx.fuzz_read FOLDER [-max_total_time=600] [more options of libFuzzer]

FOLDER keeps the inputs that reach new code, and is filled with files made here when it is empty.
"""

import gzip
import io
import sys
import zipfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["routes.io", "routes.gpx.track_file"]):
    from routes.gpx.encoding import Source
    from routes.gpx.read.parser import NotPlainError
    from routes.gpx.read.reader import grouped, parse

from benchmarks.data.gpx_styles import STYLES, walk
from routes.errors import GPXReadError
from tests.gpx.ways import same_files

LIMITS = ("-timeout=10", "-rss_limit_mb=1500", "-max_len=20000")
"""Seconds for an input, memory of all, bytes of an input."""

TOKENS = (
    "<gpx>", "</gpx>", "<trk>", "</trk>", "<trkseg>", "</trkseg>", '<trkpt lat="1" lon="2">',
    '<trkpt lat="1" lon="2"/>',
    "</trkpt>", "<ele>1</ele>", "<ele/>", "<time>2026-05-01T06:00:00Z</time>", "<wpt lat='1' lon='2'>",
    "</wpt>", "<rte>",
    "<rtept lat='1' lon='2'/>", "</rte>", "<extensions>", "</extensions>", "<a:b>", "</a:b>",
    'xmlns="u"', 'xmlns:a="u"',
    "<!--", "-->", "<![CDATA[", "]]>", "<?", "?>", "<!DOCTYPE gpx [", "<!ENTITY a 'b'>", "&a;", "&#49;",
    "&amp;",
    "<metadata>", "</metadata>", "<bounds minlat='1' minlon='1' maxlat='2' maxlon='2'/>",
    'routes-run="1"', "<name>", "</name>",
    "http://www.topografix.com/GPX/1/1", "urn:trek-routes:line:1", 'encoding="utf-16"', 'encoding="cp1252"',
)  # fmt: skip


class _Memory(Source):
    """A file that is not on disk."""

    data = b""

    def _open(self):
        return io.BytesIO(self.data)


def seeds():
    """Texts of devices, packed ones among them."""
    texts = ["".join(style(walk(7))).encode() for style in STYLES.values()]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.gpx", texts[1])
    odd = texts[1].replace(b"<ele>", b"<ele>x").replace(b"Z</time>", b"</time>")
    mark = b'<extensions><l:line xmlns:l="urn:trek-routes:line:1" provenance="osm" lateral_p90_m="9"/></extensions>'
    whole = b"<gpx><metadata><name>a</name></metadata><wpt lat='1' lon='2'><sym>b</sym></wpt><rte>"
    return [
        *texts, odd, texts[2].decode().encode("utf-16"), gzip.compress(texts[1], mtime=0), packed.getvalue(),
        texts[1].replace(b"<trkseg>", mark + b"<trkseg>"), whole + b"<rtept lat='1' lon='2'/></rte></gpx>",
    ]  # fmt: skip


def read(data):
    """Read bytes in both ways.

    Raises
    ------
    AssertionError
        If the two ways differ.
    """
    source = _Memory(Path("a.gpx"))
    source.data = bytes(data)
    results = []
    for is_fast in (False, True):
        try:
            results.append(parse(source, is_fast=is_fast))
            grouped(results[-1])
        except GPXReadError as error:
            results.append(str(error))
        except NotPlainError:
            assert is_fast
            return
    careful, fast = results
    if isinstance(careful, str) or isinstance(fast, str):
        assert careful == fast
    else:
        same_files(fast, careful)


def main(arguments):
    folder = Path(next(name for name in arguments[1:] if not name.startswith("-")))
    folder.mkdir(parents=True, exist_ok=True)
    if not any(folder.iterdir()):
        for number, seed in enumerate(seeds()):
            (folder / f"seed-{number:02d}").write_bytes(seed)
    tokens = folder.parent / f"{folder.name}.dict"
    quoted = ("".join(f"\\x{byte:02x}" for byte in token.encode()) for token in TOKENS)
    tokens.write_text("".join(f'"{token}"\n' for token in quoted), encoding="ascii")
    atheris.Setup([*arguments, *LIMITS, f"-dict={tokens}"], read)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv)
