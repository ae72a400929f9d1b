"""Namespaces in GPX files: of GPX, of other vendors, and our own."""

NS_11 = "http://www.topografix.com/GPX/1/1"
NS_10 = "http://www.topografix.com/GPX/1/0"

XML = "http://www.w3.org/XML/1998/namespace"
XSI = "http://www.w3.org/2001/XMLSchema-instance"

GARMIN = "http://www.garmin.com/xmlschemas/GpxExtensions/v3"
GARMIN_POINT = "http://www.garmin.com/xmlschemas/TrackPointExtension/v1"
OSMAND = "https://osmand.net"
STYLE = "http://www.topografix.com/GPX/gpx_style/0/2"

KNOWN = {
    "gpxtpx": GARMIN_POINT,
    "gpxx": GARMIN,
    "gpxpx": "http://www.garmin.com/xmlschemas/PowerExtension/v1",
    "ns2": GARMIN,
    "ns3": GARMIN_POINT,
    "osmand": OSMAND,
    "locus": "http://www.locusmap.eu",
    "xsi": XSI,
}
"""Usual namespaces of prefixes that are often left undeclared."""

LINE = "urn:trek-routes:line:1"
"""Namespace of the element in which our own GPX describes a line."""

KEPT = "urn:trek-routes:kept:1"
"""Namespace of elements that have no place in GPX."""

KEPT_PREFIX = "kept"


def unknown(prefix: str) -> str:
    """Placeholder namespace for an unknown prefix."""
    return f"urn:undeclared:{prefix}"
