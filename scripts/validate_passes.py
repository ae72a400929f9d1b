"""Print the verdict on each stated height of each pass: python scripts/validate_passes.py [TREK.toml ...].

The default is every trek in data/treks. `routes validate` also checks all other figures.
"""

import sys
from pathlib import Path

import routes
from routes.analysis.verdicts.finding import Check
from routes.model.kinds import PlaceKind


def main(arguments: list[str]) -> None:
    for trek_file in map(Path, arguments) if arguments else sorted(Path("data/treks").glob("*.toml")):
        study = routes.study_file(trek_file)
        passes = {place.id for place in study.trek.places if place.kind is PlaceKind.PASS}
        print(study.trek.name)
        for finding in study.findings:
            if finding.check is Check.DEM and finding.subject in passes:
                said = f"{finding.name}: {finding.statements[0].cited}: {finding.verdict}"
                print(f"  {said}. {finding.reason_in(routes.Units.METRIC)}")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except routes.RoutesError as error:
        sys.exit(f"Error: {error}")
