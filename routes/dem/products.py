"""DEM products: titles, datums, accuracy and licences, each with its source."""

from routes.model.figures import VerticalDatum
from routes.model.grid import Product, Surface

SRTMGL3 = Product(
    id="srtmgl3",
    title='NASA SRTM 3" (SRTMGL3 v3)',
    surface=Surface.DSM,
    vertical_datum=VerticalDatum.EGM96,
    le90_m=9.0,
    le90_source=(
        "Rodríguez et al. (2006), Photogramm. Eng. Remote Sens. 72, 249-260, table 1: 90 % absolute height error "
        "5.6 to 9.0 m by continent, the greatest (North America) taken for all; mission requirement 16 m"
    ),
    licence="public domain",
    attribution="NASA JPL (2013), SRTM Global 3 arc second, NASA LP DAAC",
    doi="10.5067/MEaSUREs/SRTM/SRTMGL3.003",
)

SRTM3_RAW = Product(
    id="srtm3",
    title='SRTM 3" (HGT, finished v2)',
    surface=Surface.DSM,
    vertical_datum=VerticalDatum.EGM96,
    le90_m=SRTMGL3.le90_m,
    le90_source=SRTMGL3.le90_source,
    licence="public domain",
    attribution="NASA / NGA SRTM",
)

GLO30 = Product(
    id="glo30",
    title="Copernicus DEM GLO-30",
    surface=Surface.DSM,
    vertical_datum=VerticalDatum.EGM2008,
    le90_m=4.0,
    le90_source="Copernicus DEM Product Handbook (Airbus, GEO.2018-1988): absolute vertical accuracy LE90 < 4 m",
    licence="free with attribution (Copernicus DEM licence)",
    attribution=(
        "produced using Copernicus WorldDEM-30 © DLR e.V. 2010-2014 and © Airbus Defence and Space GmbH 2014-2018 "
        "provided under COPERNICUS by the European Union and ESA; all rights reserved"
    ),
    doi="10.5270/ESA-c5d3d65",
)

GLO90 = Product(
    id="glo90",
    title="Copernicus DEM GLO-90",
    surface=GLO30.surface,
    vertical_datum=GLO30.vertical_datum,
    le90_m=GLO30.le90_m,
    le90_source=GLO30.le90_source,
    licence=GLO30.licence,
    attribution=GLO30.attribution.replace("WorldDEM-30", "WorldDEM-90"),
    doi="10.5270/ESA-c5d3d65",
)

SKADI = Product(
    id="skadi",
    title='SRTM-based 1" (Terrain Tiles, Skadi)',
    surface=Surface.DSM,
    vertical_datum=VerticalDatum.EGM96,
    le90_m=16.0,
    le90_source="SRTM mission requirement; the tiles are filled from several sources whose error is not stated",
    licence="several open licences, attribution required (Terrain Tiles attribution)",
    attribution="Terrain Tiles (Mapzen): SRTM courtesy of NASA and USGS, and others",
)

LOCAL = Product(
    id="local",
    title="local DEM of unknown origin",
    surface=Surface.UNKNOWN,
    vertical_datum=VerticalDatum.UNKNOWN,
    le90_m=16.0,
    le90_source="assumed: the SRTM mission requirement; name the product in a sidecar to state a better figure",
    licence="unknown",
    attribution="",
)

PRODUCTS = {product.id: product for product in (SRTMGL3, SRTM3_RAW, GLO30, GLO90, SKADI, LOCAL)}
"""All products by id."""
