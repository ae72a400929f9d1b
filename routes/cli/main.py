"""The command ``routes``, and the one place where errors end."""

import sys
from typing import Annotated

import typer
from rich.markup import escape

from routes import __version__
from routes.cli import build, dem, elevation, export, map_page, new, stats, trace, validate
from routes.cli._console import STDERR
from routes.errors import RoutesError

app = typer.Typer(
    name="routes",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Maps, GPX, statistics and checked figures for multi-day treks, from one itinerary file and a public DEM.",
    epilog="Start: routes build data/treks/john-muir.toml, then open build/john-muir/index.html.",
)
app.command("build")(build.build)
app.command("stats")(stats.stats)
app.command("validate")(validate.validate)
app.command("elevation", cls=elevation.CoordinatesCommand)(elevation.elevation)
app.command("trace")(trace.trace)
app.command("map")(map_page.map_page)
app.command("export")(export.export)
app.command("new")(new.new)
app.add_typer(dem.app)


def _print_version(*, wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"trek-routes {__version__}\n")
        raise typer.Exit


@app.callback()
def _root(
    *,
    _version: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version.", is_eager=True, callback=lambda w: _print_version(wanted=w)
        ),
    ] = False,
) -> None:
    """Carry the options of ``routes`` itself."""


def main(args: list[str] | None = None) -> None:
    """Run the command line; a `RoutesError` becomes one line on stderr and exit code 2."""
    try:
        app(args)
    except RoutesError as error:
        STDERR.print(f"[red]Error:[/red] {escape(str(error))}")
        raise SystemExit(2) from None
