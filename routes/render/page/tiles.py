"""The online layer of the page: OpenStreetMap's tiles, on request.

The Tile Usage Policy (operations.osmfoundation.org/policies/tiles) asks for attribution, a Referer that names
the site, and no prefetching. A page opened from disk sends no Referer and is refused, so it has no such
layer.
"""

TILES_HOST = "https://tile.openstreetmap.org"
"""The one host from which the page's policy allows pictures."""

TILES_URL = f"{TILES_HOST}/{{z}}/{{x}}/{{y}}.png"
"""Address of a tile, as the policy states it: without subdomains."""

TILES_ATTRIBUTION = '&copy; <a href="https://www.openstreetmap.org/copyright">OpenStreetMap contributors</a>'
"""Credit on the map while tiles are shown (openstreetmap.org/copyright)."""
