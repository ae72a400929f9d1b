"""How far off are traced lines? Lines between places against the trails of Andorra.

Run with ROUTES_TEST_DATA set to the folder that docs/data.md describes:

    ROUTES_TEST_DATA=... python benchmarks/accuracy/trace.py

The trails are the long-distance paths of Andorra (gpx/andorra_osm_*.gpx, in pieces), the DEM is SRTM 3"
(dem/N42E001.hgt.zip), the network is places/andorra.osm.gz, without its hiking routes: they would be the answer. Given
are the ends of each piece and the passes named on it, within 30 m of it.

Tables, in this order: the slack behind the bound of a modelled line, fitted on the GR107 and the HRP; how those trails
differ from modelled lines (the constants of routes/analysis/figures/modelled_lines.py);
modelled lines against the pieces of the
GR11, which had no part in either; lines along OpenStreetMap; what other weights do to them; time and memory.
"""

import os
import sys
from pathlib import Path

from benchmarks.accuracy.trace_network import network_tables
from benchmarks.accuracy.trace_terrain import terrain_tables
from benchmarks.data.trails import Ground
from benchmarks.speed.trace_speed import speed_table


def main(data: Path) -> None:
    ground = Ground.read(data)
    terrain_tables(ground)
    network_tables(ground)
    speed_table(ground)


if __name__ == "__main__":
    if "ROUTES_TEST_DATA" not in os.environ:
        sys.exit(__doc__)
    main(Path(os.environ["ROUTES_TEST_DATA"]))
