"""Rebuild all outputs of every trek: python scripts/regenerate_maps.py [TREK.toml ...].

The default is every trek in data/treks. Output goes to build/<trek>/; build/index.html lists the treks.
"""

import sys
from pathlib import Path

import routes


def main(arguments: list[str]) -> None:
    for trek in map(Path, arguments) if arguments else sorted(Path("data/treks").glob("*.toml")):
        result = routes.build(trek, out=Path("build"))
        print(f"{result.study.trek.name}: open {result.page}")
    index = routes.write_index("build")
    if index is not None:
        print(f"Index of {len(index.treks)} treks: open {index.page}")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except routes.RoutesError as error:
        sys.exit(f"Error: {error}")
