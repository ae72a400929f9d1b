"""The online layer of the page: OpenStreetMap's tiles, on demand.

Tile Usage Policy (operations.osmfoundation.org/policies/tiles): attribution, a Referer that tells the site, no
prefetching. A page opened from disk sends no Referer and is refused, so that it has no such layer.
"""

TILES_HOST = "https://tile.openstreetmap.org"
"""The one host that the page's policy lets pictures come from."""

TILES_URL = f"{TILES_HOST}/{{z}}/{{x}}/{{y}}.png"
"""Address of a tile, as the policy gives it: without subdomains."""

TILES_ATTRIBUTION = '&copy; <a href="https://www.openstreetmap.org/copyright">OpenStreetMap contributors</a>'
"""Credit on the map while the tiles are shown (openstreetmap.org/copyright)."""
