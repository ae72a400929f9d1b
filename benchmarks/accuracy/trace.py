"""Measure how far traced lines are from the real trails of Andorra.

Run with ROUTES_TEST_DATA set to the folder that docs/data.md describes:

    ROUTES_TEST_DATA=... python benchmarks/accuracy/trace.py

The trails are Andorra's long-distance paths (gpx/andorra_osm_*.gpx, in pieces). The DEM is SRTM 3"
(dem/N42E001.hgt.zip). The network is places/andorra.osm.gz without its hiking routes, which would be the answer.
Tracing gets only the ends of each piece and the named passes within 30 m of it.

Tables, in this order: how much of the GR107 and the HRP the bound of a modelled line holds, by slack; how those trails
differ from modelled lines; all trails beside the lines through their ends and passes; lines along OpenStreetMap; what
other weights do to them; time and memory. The constants of modelled lines are printed by benchmarks/accuracy/ranges.py.
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
