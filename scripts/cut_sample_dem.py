"""Cut the embedded sample DEM from a larger SRTMGL3 file: python scripts/cut_sample_dem.py SOURCE.tif.

Writes data/dem/john-muir-srtmgl3.tif and its provenance file. The source is public domain (docs/data.md).
"""

import hashlib
import json
import sys
from pathlib import Path

import rasterio
from rasterio.windows import from_bounds

BOUNDS = (-119.45, 37.56, -118.98, 37.95)
TARGET = Path("data/dem/john-muir-srtmgl3.tif")


def main(source: Path) -> None:
    with rasterio.open(source) as dataset:
        window = from_bounds(*BOUNDS, dataset.transform).round_offsets().round_lengths()
        heights = dataset.read(1, window=window)
        profile = {
            "driver": "GTiff", "dtype": "int16", "count": 1, "crs": dataset.crs, "nodata": -32768,
            "height": heights.shape[0], "width": heights.shape[1],
            "transform": dataset.window_transform(window),
            "compress": "deflate", "predictor": 2, "zlevel": 9, "tiled": True, "blockxsize": 256, "blockysize": 256,
        }  # fmt: skip
    with rasterio.open(TARGET, "w", **profile) as out:
        out.write(heights, 1)
    with rasterio.open(TARGET) as out:
        bounds = [round(edge, 6) for edge in out.bounds]
    sidecar = {
        "product": "srtmgl3",
        "bounds": bounds,
        "cut_from": f"{source.name}: crop of SRTMGL3 v3 in the test data of the Python package bmi-topography 0.8.1",
        "licence": "public domain (NASA)",
        "sha256": hashlib.sha256(TARGET.read_bytes()).hexdigest(),
    }
    TARGET.with_suffix(".json").write_text(json.dumps(sidecar, indent=2) + "\n", encoding="utf-8")
    print(f"{TARGET}: {heights.shape[0]} x {heights.shape[1]} cells, {TARGET.stat().st_size // 1000} kB")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
