"""Small extracts of OpenStreetMap, written by the tests that read them."""

from xml.sax.saxutils import quoteattr

BOUNDS = (1.4, 42.4, 1.7, 42.7)
"""Window that holds everything below."""

NODES = {
    1: (1.500, 42.500),
    2: (1.501, 42.500),
    3: (1.502, 42.501),
    4: (1.503, 42.500),
    5: (1.504, 42.500),
    6: (1.600, 42.600),
    7: (1.601, 42.600),
}


def osm_xml(ways, relations=(), *, nodes=None, bounds=None, attributes="", missing=()):
    """Text of an ``.osm`` file; ways are (id, node ids, tags), relations (id, way ids, tags)."""
    nodes = NODES if nodes is None else nodes
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<osm version="0.6" generator="tests"{attributes}>']
    if bounds is not None:
        west, south, east, north = bounds
        lines.append(f'<bounds minlat="{south}" minlon="{west}" maxlat="{north}" maxlon="{east}"/>')
    lines += [
        f'<node id="{number}" version="1" lat="{lat}" lon="{lon}"/>'
        for number, (lon, lat) in nodes.items()
        if number not in missing
    ]
    for number, refs, tags in ways:
        lines += [f'<way id="{number}" version="1">', *(f'<nd ref="{ref}"/>' for ref in refs)]
        lines += [*_tags(tags), "</way>"]
    for number, members, tags in relations:
        lines.append(f'<relation id="{number}" version="1">')
        lines += [f'<member type="way" ref="{ref}" role=""/>' for ref in members]
        lines += [*_tags(tags), "</relation>"]
    return "\n".join([*lines, "</osm>\n"])


def _tags(tags):
    return [f"<tag k={quoteattr(key)} v={quoteattr(value)}/>" for key, value in tags.items()]
