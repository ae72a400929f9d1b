"""Write the GPX of every variant of a trek: python scripts/export_gpx.py TREK.toml FOLDER.

One file per variant, for hiking apps. `routes build` writes the same, and one file per day.
"""

import sys
from pathlib import Path

import routes
from routes.files import write_text
from routes.io.export.gpx import gpx_name, variant_gpx


def main(trek_file: Path, folder: Path) -> None:
    study = routes.study_file(trek_file)
    for variant in study.variants:
        path = folder / gpx_name(study, variant)
        write_text(path, variant_gpx(study, variant), overwrite=True)
        print(path)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    try:
        main(Path(sys.argv[1]), Path(sys.argv[2]))
    except routes.RoutesError as error:
        sys.exit(f"Error: {error}")
