"""Namespaces in GPX files: of GPX itself, of Garmin and others, and our own."""

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
"""What people mean by a prefix that nothing declares."""

LINE = "urn:trek-routes:line:1"
"""Of the element in which our own GPX says what a line is."""

KEPT = "urn:trek-routes:kept:1"
"""Of elements for which GPX has no room where they stood."""

KEPT_PREFIX = "kept"


def unknown(prefix: str) -> str:
    """Stand-in for the namespace of a prefix that nobody knows."""
    return f"urn:undeclared:{prefix}"
