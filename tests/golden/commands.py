"""The commands whose outputs are kept, by group; ``OUT`` stands for a folder of each command's own."""

DEM = "data/dem/john-muir-srtmgl3.tif"

_TREKS = {"john-muir": "data/treks/john-muir.toml --offline", "lares": "data/treks/lares.toml --dem none"}

_FORMATS = [
    "gpx", "kml", "geojson", "gpkg", "parquet", "fit", "csv", "profile-csv", "json", "md", "map-png", "profile-png",
    "profile-svg",
]  # fmt: skip

_READ = ["gpx", "kml", "geojson", "gpkg", "fit"]

_BUILD = {
    "plain": "build TREK --report -o OUT",
    "spanish": "build TREK --lang es -o OUT --json",
    "feet": "build TREK --units imperial --report --max-points 200 -o OUT",
}

_EXPORT = {name: f"export TREK -f {name} -o OUT/trek.{name}" for name in _FORMATS} | {
    "fit": "export TREK -f fit --date 2024-02-28 -o OUT/trek.fit",
    "gpx-stdout": "export TREK",
    "kml-day": "export TREK -f kml --day 2 --units imperial",
    "geojson-variant": "export TREK -f geojson --variant 3-day",
    "gpx-few": "export TREK --max-points 100 --day 1",
    "md-feet": "export TREK -f md --units imperial",
    "svg-feet": "export TREK -f profile-svg --units imperial --day 1",
    "none": "export TREK -f fit",
}

_COMMANDS = {
    "stats": "stats TREK",
    "stats-json": "stats TREK --json --method tobler --pack-kg 15 --thin-air",
    "stats-timetable": "stats TREK --date 2024-06-20 --start-time 07:30 --breaks 10 --units imperial --method munter",
    "plan": "plan TREK --max-km 14",
    "plan-json": "plan TREK --max-hours 7 --max-ascent 900 --method din --json",
    "validate": "validate TREK",
    "validate-json": "validate TREK --json",
    "validate-explain": "validate TREK --explain --strict --units imperial",
    "validate-report": "validate TREK --report OUT --quiet",
    "trace": "trace TREK --osm none",
    "trace-json": "trace TREK --osm none --method terrain --speed campbell --json",
    "map": "map TREK -o OUT/map.html",
    "map-spanish": "map TREK --no-relief --lang es --units imperial -o -",
}

MAKES = [f"export data/treks/john-muir.toml --offline --day 1 -f {name} -o in/trek.{name}" for name in _READ]
"""What the files of tracks are made with that the group ``places`` reads."""

_PLACES = {
    "dem-info": f"dem info {DEM}",
    "dem-info-json": f"dem info {DEM} --json",
    "dem-list": "dem list --json",
    "position": "elevation -119.248 37.761 --offline",
    "position-json": "elevation -119.248 37.761 --method cubic --units imperial --json --offline",
    "position-outside": "elevation 8 46 --dem " + DEM,
    "elevation-gpx": "elevation in/walk.gpx -o OUT/walk.gpx --offline",
    "elevation-gpx-table": "elevation in/walk.gpx --offline --units imperial",
    "elevation-csv": "elevation in/places.csv --offline",
    "elevation-json": "elevation in/places.csv --offline --json --method nearest",
    "at": "validate --at -119.2486 37.7606 --stated '11,056 ft' --kind pass --explain --offline",
    "at-json": "validate --at -119.2486 37.7606 --stated '3500 m' --uncertainty 20 --json --offline",
    "places": "validate --places in/places.csv --offline",
    "places-json": "validate --places in/places.csv --json --offline",
    "places-osm": "validate --places in/places.csv --osm-quality --out OUT/rows.csv --report OUT --offline",
    "compare": "compare data/treks/john-muir.toml data/treks/john-muir.toml --units imperial --offline",
    "compare-treks": "compare data/treks/john-muir.toml data/treks/lares.toml --variant-b 3-day --offline",
    "compare-variants": "compare data/treks/lares.toml#6-day data/treks/lares.toml --variant-b 2-day --dem none --json",
    "trace-osm": "trace data/treks/john-muir.toml --osm in/paths.osm --offline --json",
    "trace-from": "trace data/treks/john-muir.toml --from in/trek.gpx --offline",
    "new-csv": "new in/places.csv -o OUT/new.toml",
    "new-gpx": "new in/trek.gpx -o OUT/new.toml",
    "new-kml": "new in/trek.kml -o OUT/new.toml",
    "new-geojson": "new in/trek.geojson -o OUT/new.toml",
    "new-gpkg": "new in/trek.gpkg --layer tracks -o OUT/new.toml",
    "new-fit": "new in/trek.fit -o OUT/new.toml",
    "new-made": "stats OUT/../new-gpx/new.toml --offline --json",
}

_WRONG = {
    "nothing": "",
    "version": "--version",
    "no-such-command": "walk",
    "no-such-file": "build none.toml",
    "no-such-option": "stats data/treks/lares.toml --fast",
    "no-such-variant": "stats data/treks/lares.toml --variant 9-day --dem none",
    "no-trek": "validate in/places.csv",
    "no-dem": "elevation 8 46 --dem none",
    "bad-trek": "stats in/bad.toml --dem none",
    "bad-places": "validate --places in/bad.csv --offline",
    "bad-units": "map data/treks/lares.toml --units ells",
    "limits": "plan data/treks/lares.toml --max-km 1 --dem none",
}

_HELP = {
    f"help-{name}": f"{name} --help"
    for name in [
        "build", "stats", "plan", "compare", "validate", "elevation", "trace", "map", "export", "check", "new", "batch",
        "dem", "dem info",
    ]
}  # fmt: skip

_CHECK = {
    "text": "check in/traps",
    "apps": "check in/traps/huge-extensions.gpx in/traps/ele-spike.gpx in/traps/version.gpx --apps --strict",
    "json": "check in/traps --json",
    "values": "check in/values --json",
    "samples": "check data/gpx --json --apps",
    "fix": "check OUT --fix",
    "fix-more": "check OUT --fix --fix-spikes --drop-heights --json",
    "fix-values": "check OUT --fix --quiet",
}

_BATCH = {
    "dem": f"batch in/archive -o OUT/rows.parquet --dem {DEM} --workers 0",
    "unique": "batch in/archive -o OUT/rows.parquet --dem none --workers 0 --unique --tolerance 50 --json",
}


def _of_trek(commands, trek):
    return {name: command.replace("TREK", _TREKS[trek]) for name, command in commands.items()}


GROUPS = {
    **{
        f"{kind}-{trek}": _of_trek(commands, trek)
        for kind, commands in (("build", _BUILD), ("export", _EXPORT), ("commands", _COMMANDS))
        for trek in _TREKS
    },
    "places": _PLACES,
    "wrong": _WRONG | _HELP,
    "check": _CHECK,
    "batch": _BATCH,
}
"""Words after ``routes``, by name, by group."""

FILLED_FROM = {
    "fix": "in/traps/*.gpx",
    "fix-more": "in/traps/[ens][lpu]*.gpx",  # of heights, null island, spikes
    "fix-values": "in/values/*.gpx",
}
"""What the folder of a command of the group ``check`` holds before it runs."""
