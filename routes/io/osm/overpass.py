"""Download walkable paths in a window from an Overpass server, with osmnx."""

from collections.abc import Iterator
from typing import Any

from platformdirs import user_cache_path

from routes._typing import Bounds
from routes.errors import FetchError, NotThereError, OSMReadError
from routes.fetch import OVERPASS_TIMEOUT_S, Network, overpass_url, redacted
from routes.io.osm.extract import Way, network_of
from routes.model.network import WAY_KINDS, PathNetwork

_TAGS = ["highway", "access", "foot", "motorroad", "sac_scale", "trail_visibility"]

_EMPTY = ("No data elements in server response", "Found no graph nodes")
"""osmnx's messages for a valid but empty answer; its other errors have the same types."""


def fetch_overpass(bounds: Bounds, network: Network) -> PathNetwork:
    """Walkable paths in a window (degrees) from an Overpass server, without named hiking routes.

    osmnx does not read hiking routes. Answers are cached in the user's cache folder. Raises OSMReadError if
    osmnx is not installed, or the server cannot be reached, refuses, or knows no path there.
    """
    try:
        import osmnx  # noqa: PLC0415 - an extra, and slow to import
    except ImportError as error:
        msg = "Asking Overpass needs osmnx; install trek-routes[osm], or give an extract (--osm FILE)."
        raise OSMReadError(msg) from error
    url = _reachable(network, osmnx.settings)
    tags = "|".join(sorted(WAY_KINDS))
    try:
        graph = osmnx.graph_from_bbox(
            bounds,
            simplify=False,
            retain_all=True,
            truncate_by_edge=True,
            custom_filter=f'["highway"~"^({tags})$"]',
        )
    except (ValueError, OSError, KeyError, TypeError, AttributeError) as error:
        reason = " ".join(str(error).split())[:200]
        if any(said in reason for said in _EMPTY):
            msg = f"{redacted(url)} knows no way on foot between {bounds[:2]} and {bounds[2:]}."
        else:
            msg = (
                f"{redacted(url)} did not answer as it should: {reason or type(error).__name__}. Try later, or give "
                f"an extract (--osm FILE)."
            )
        raise OSMReadError(msg) from error
    return network_of(_ways(graph), frozenset(), f"Overpass, {redacted(url)}", bounds)


def _reachable(network: Network, settings: Any) -> str:  # noqa: ANN401 - osmnx's module of settings
    """URL of a server that answers; osmnx itself would wait minutes for one that does not."""
    try:
        url = overpass_url()
        try:
            network.read_text(f"{url}/status")
            settings.overpass_rate_limit = True
        except NotThereError:  # a private server may not report its load
            settings.overpass_rate_limit = False
    except FetchError as error:
        msg = f"Overpass cannot be asked: {error} Give an extract (--osm FILE), or trace over the terrain (--osm none)."
        raise OSMReadError(msg) from error
    settings.overpass_url = url
    settings.doh_url_template = None  # no third party is asked for the server's address
    settings.requests_timeout = OVERPASS_TIMEOUT_S
    settings.http_user_agent = "trek-routes"
    settings.http_referer = "trek-routes"
    settings.cache_folder = str(user_cache_path("trek-routes") / "overpass")
    settings.useful_tags_way = _TAGS
    return url


def _ways(graph: Any) -> Iterator[Way]:  # noqa: ANN401 - a networkx graph
    """One way per edge: osmnx returns edges between nodes in both directions, with their way's tags."""
    seen: set[tuple[int, frozenset[int]]] = set()
    at = {node: (float(data["x"]), float(data["y"])) for node, data in graph.nodes(data=True)}
    for first, last, data in graph.edges(data=True):
        stretch = int(data["osmid"]), frozenset((first, last))
        if stretch in seen:  # each edge exists in both directions
            continue
        seen.add(stretch)
        tags = {key: str(data[key]) for key in _TAGS if isinstance(data.get(key), str)}
        yield Way(int(data["osmid"]), tags, (first, last), (at[first], at[last]))
