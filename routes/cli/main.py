"""The command ``routes``, and the one place where errors end."""

import gc
import sys
from typing import Annotated, cast

import typer

from routes._version import __version__
from routes.cli import (
    batch,
    build,
    check,
    compare,
    dem,
    elevation,
    export,
    map_page,
    new,
    plan,
    stats,
    trace,
    validate,
)
from routes.cli._console import say_error, standard_streams
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
app.command("plan")(plan.plan)
app.command("compare")(compare.compare)
app.command("validate")(validate.validate)
app.command("elevation", cls=elevation.CoordinatesCommand)(elevation.elevation)
app.command("trace")(trace.trace)
app.command("map")(map_page.map_page)
app.command("export")(export.export)
app.command("check")(check.check)
app.command("new")(new.new)
app.command("batch")(batch.batch)
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


_OBJECTS_BETWEEN_COLLECTIONS = 1_000_000
"""New objects after which Python looks for cycles. Its own 700 suit programs that live long; here they cost a fifth
of a build, most of it while modules are imported. Peak memory stays the same."""

UsageError = cast("type[typer.BadParameter]", typer.BadParameter.__base__)
"""What every usage error of typer is; typer itself gives only this child of it a name."""


def main(args: list[str] | None = None) -> None:
    """Run the command line; an error becomes one line on stderr and exit code 2."""
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    try:
        with standard_streams():
            code = _run(args)
    except RoutesError as error:  # of stdout itself, when it is flushed
        say_error(str(error))
        code = 2
    except KeyboardInterrupt:
        code = 130
    raise SystemExit(code)


def _run(args: list[str] | None) -> int:
    try:
        code = app(args, standalone_mode=False)
        sys.stdout.flush()
    except RoutesError as error:
        say_error(str(error))
    except UsageError as error:
        message = _usage(error)
        if message:  # typer has printed the help where it says nothing
            say_error(message)
    except (
        OSError
    ) as error:  # a file that nobody thought of; no bug, and never exit code 1, which is a verdict
        where = f"{error.filename}: " if error.filename else ""
        say_error(f"{where}{error.strerror or error}.")
    else:
        return code if isinstance(code, int) else 0
    return 2


def _usage(error: typer.BadParameter) -> str:
    """Say in one sentence what was wrong, and in one where help is."""
    text = " ".join(error.format_message().split()).removeprefix("Invalid value: ")
    if not text:
        return ""
    command = error.ctx.command_path if error.ctx is not None else "routes"
    return f"{text.rstrip('.')}. Try '{command} --help'."
