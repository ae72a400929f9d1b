"""``routes check``: what is wrong with a GPX file, and a clean copy of it."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from routes.cli._console import STDERR, STDOUT, plain, print_json, quieten, say, say_error
from routes.cli._options import JSONOption, QuietOption
from routes.errors import GPXReadError, OutputError
from routes.gpx.codes import Fix, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from routes.gpx.fix.copy import FixedGPX
    from routes.gpx.lint.check import CheckedGPX

_STYLE = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "dim"}
MAX_TOLD = 20
"""Changes of one kind that a clean copy's account tells one by one on a terminal; --json has more."""


class FailOn(StrEnum):
    """From which findings on the exit code is 1."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


def check(  # noqa: PLR0913 - a linter has many switches
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE.gpx...", help="GPX files, or folders of them.", show_default=False),
    ],
    fail_on: Annotated[
        FailOn, typer.Option("--fail-on", help="Least severity of a finding that makes the exit code 1.")
    ] = FailOn.WARNING,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            metavar="FILE",
            help="With --fix and one file: write the clean copy here; default: NAME.fixed.gpx beside it.",
            show_default=False,
        ),
    ] = None,
    *,
    fix: Annotated[
        bool,
        typer.Option("--fix", help="Write a clean copy of each file that needs one, and tell every change."),
    ] = False,
    fix_spikes: Annotated[
        bool, typer.Option("--fix-spikes", help="With --fix: leave out spikes, and positions of 0, 0.")
    ] = False,
    drop_heights: Annotated[
        bool,
        typer.Option(
            "--drop-heights", help="With --fix: leave out all heights of tracks, for routes elevation."
        ),
    ] = False,
    apps: Annotated[
        bool, typer.Option("--apps", help="Show what apps are known to make of each file.")
    ] = False,
    strict: Annotated[bool, typer.Option("--strict", help="The same as --fail-on note.")] = False,
    overwrite: Annotated[
        bool,
        typer.Option("--overwrite", help="Replace the clean copy if it exists; with --out, even the input."),
    ] = False,
    as_json: JSONOption = False,
    quiet: QuietOption = False,
) -> None:
    """Check GPX files of anybody: the standard, and what apps are known to trip over.

    Exit code 1: something is found (--fail-on); 2: a file cannot be read or is no GPX.
    """
    quieten(quiet=quiet)
    _check_options(out, fix=fix, spikes=fix_spikes, heights=drop_heights)
    paths = _paths(files)
    if out is not None and len(paths) != 1:
        msg = f"--out takes the copy of one file; {len(paths)} are given. Leave it out: NAME.fixed.gpx beside each."
        raise typer.BadParameter(msg)
    least = Severity.NOTE if strict else Severity(fail_on.value)
    reports: list[dict[str, object]] = []
    worst: list[Severity | None] = []
    is_broken = False
    for path in _watched(paths, quiet=quiet):
        try:
            checked, fixed, copy = _look(
                path, out, fix=fix, spikes=fix_spikes, heights=drop_heights, overwrite=overwrite
            )
        except GPXReadError as error:
            is_broken = True
            reports.append({"file": str(path), "error": str(error)})
            say_error(str(error))
            continue
        left = fixed.left if fixed else checked
        worst.append(left.worst)
        reports.append(_report(path, checked, fixed, copy))
        if not as_json:
            _print(path, checked, fixed, copy, apps=apps, quiet=quiet)
    is_found = any(severity is not None and severity.rank >= least.rank for severity in worst)
    if as_json:
        print_json({"files": reports, "fail_on": least.value, "is_found": is_found})
    elif len(paths) > 1 and not quiet:
        _print_sum(reports, worst)
    raise typer.Exit(2 if is_broken else int(is_found))


def _check_options(out: Path | None, *, fix: bool, spikes: bool, heights: bool) -> None:
    for option, is_given in (
        ("--out", out is not None),
        ("--fix-spikes", spikes),
        ("--drop-heights", heights),
    ):
        if is_given and not fix:
            msg = f"{option} is for --fix; give both."
            raise typer.BadParameter(msg)


def _paths(files: list[Path]) -> list[Path]:
    """Files, and the GPX files in folders, in order, each once; clean copies of ours are left out of folders."""
    found: dict[Path, None] = {}
    for path in files:
        if not path.is_dir():
            found[path] = None
            continue
        inside = sorted(
            file
            for file in path.rglob("*")
            if file.suffix.lower() == ".gpx"
            and not file.name.lower().endswith(".fixed.gpx")
            and file.is_file()
        )
        if not inside:
            msg = f"{path} has no GPX file in it."
            raise GPXReadError(msg)
        found.update(dict.fromkeys(inside))
    return list(found)


def _watched(paths: list[Path], *, quiet: bool) -> "Iterable[Path]":
    """Files, with a progress bar where there are several and somebody looks on."""
    if quiet or len(paths) < 2 or not STDERR.is_terminal:
        return paths
    from rich.progress import track

    return track(paths, "Checking", console=STDERR, transient=True)


def _look(
    path: Path, out: Path | None, *, fix: bool, spikes: bool, heights: bool, overwrite: bool
) -> "tuple[CheckedGPX, FixedGPX | None, Path | None]":
    """Findings; with `fix` the clean copy and where it was written, if there was anything to mend."""
    from routes.files import shown, write_text
    from routes.gpx.lint.check import check_gpx

    checked = check_gpx(path)
    if not fix:
        return checked, None, None
    from routes.gpx.fix.copy import fix_gpx
    from routes.gpx.fix.points import FixOptions

    fixed = fix_gpx(path, FixOptions(spikes=spikes, heights=heights))
    if not fixed.changes and out is None:
        return checked, fixed, None
    if not fixed.left.n_points and not fixed.left.n_waypoints:
        msg = f"{shown(path)}: nothing is left of it when what is broken is left out; no copy is written."
        raise GPXReadError(msg)
    copy = out or path.with_name(f"{path.name.removesuffix('.gpx').removesuffix('.GPX')}.fixed.gpx")
    if copy.exists() and copy.samefile(path) and not overwrite:
        msg = f"{shown(copy)} is the file itself; pass --overwrite to replace it by its clean copy."
        raise OutputError(msg)
    write_text(copy, fixed.text, overwrite=overwrite)
    return checked, fixed, copy


def _print(
    path: Path, checked: "CheckedGPX", fixed: "FixedGPX | None", copy: Path | None, *, apps: bool, quiet: bool
) -> None:
    counts = (
        ("track", checked.n_tracks),
        ("route", checked.n_routes),
        ("point", checked.n_points),
        ("waypoint", checked.n_waypoints),
    )
    size = (
        ", ".join(f"{count:,} {word}{'' if count == 1 else 's'}" for word, count in counts if count)
        or "empty"
    )
    STDOUT.print(f"{path}: {size}", style="bold")
    if fixed is None or not quiet:
        for issue in checked.issues:
            STDOUT.print(_line(issue.severity, issue.code, issue.message, issue.lines, issue.count))
            if not quiet and issue.severity is not Severity.NOTE:
                STDOUT.print(f"           {_remedy(issue.rule.remedy, issue.rule.fix)}", style="dim")
            if not quiet:
                _print_effects(issue.code)
    if not checked.issues:
        STDOUT.print("  clean")
    if fixed is not None:
        _print_fixed(fixed, copy)
    if apps:
        _print_apps(fixed.left if fixed else checked, "the clean copy" if copy else "this file")


def _print_effects(code: str) -> None:
    """Print what apps do with a finding, those together that do the same."""
    from routes.gpx.apps import effects_of

    by_effect: dict[str, list[str]] = {}
    for effect in effects_of({code}):
        by_effect.setdefault(effect.effect, []).append(effect.app)
    for said, apps in by_effect.items():
        STDOUT.print(f"           {', '.join(apps)}: {said}", style="dim")


def _line(severity: Severity, code: str, message: str, lines: tuple[int, ...], count: int) -> object:
    from rich.text import Text

    where = ""
    if lines:
        more = f" and {count - len(lines):,} more" if count > len(lines) else ""
        where = f"line {lines[0]}: " if count == 1 else f"lines {', '.join(map(str, lines))}{more}: "
    words = (f"  {severity.value:8}", _STYLE[severity])
    return Text.assemble(words, " ", plain(f"{where}{message} [{code}]"))


def _remedy(remedy: str, fix: Fix) -> str:
    mend = " (--fix does)" if fix is Fix.YES and "--fix" not in remedy else ""
    return f"{remedy[0].upper()}{remedy[1:]}{mend}."


def _print_fixed(fixed: "FixedGPX", copy: Path | None) -> None:
    if copy is None:
        STDOUT.print("  nothing to mend; no copy is written")
        return
    STDOUT.print(f"  clean copy: {copy}")
    told: dict[str, int] = {}
    for change in fixed.changes:
        told[change.code] = told.get(change.code, 0) + 1
        if told[change.code] <= MAX_TOLD:
            where = f"line {change.line}: " if change.line else ""
            STDOUT.print(f"    {where}{change.text} [{change.code}]")
    for code, count in fixed.counts.items():
        if count > MAX_TOLD:
            STDOUT.print(
                f"    and {count - min(MAX_TOLD, told.get(code, 0)):,} more of the same kind [{code}]"
            )
    rest = [issue for issue in fixed.left.issues if issue.severity is not Severity.NOTE]
    if rest:
        STDOUT.print("  left to you in the copy:")
        for issue in rest:
            STDOUT.print(_line(issue.severity, issue.code, issue.message, issue.lines, issue.count))
            STDOUT.print(f"           {_remedy(issue.rule.remedy, issue.rule.fix)}", style="dim")


def _print_apps(checked: "CheckedGPX", what: str) -> None:
    from rich.table import Table

    from routes.gpx.apps import APPS, EVERYBODY, effects_of

    effects = effects_of(set(checked.codes))
    table = Table("app", f"what it makes of {what}", box=None, padding=(0, 2, 0, 2))
    for app in APPS:
        rows = [effect for effect in effects if effect.app == app]
        if app == EVERYBODY and not rows:
            continue
        said = "; ".join(f"{effect.effect} ({', '.join(effect.codes)})" for effect in rows)
        table.add_row(app, said or "no trouble known")
    STDOUT.print(table)


def _print_sum(reports: list[dict[str, object]], worst: list[Severity | None]) -> None:
    broken = sum("error" in report for report in reports)
    errors, warnings = worst.count(Severity.ERROR), worst.count(Severity.WARNING)
    fine = len(worst) - errors - warnings
    told = f"{errors} with errors, {warnings} with warnings, {fine} fine, {broken} unreadable"
    say(f"{len(reports)} files: {told}.", quiet=False)


def _report(
    path: Path, checked: "CheckedGPX", fixed: "FixedGPX | None", copy: Path | None
) -> dict[str, object]:
    from routes.gpx.apps import APPS, effects_of

    effects = effects_of(set(checked.codes))
    found: dict[str, object] = {
        "file": str(path),
        "tracks": checked.n_tracks,
        "routes": checked.n_routes,
        "points": checked.n_points,
        "waypoints": checked.n_waypoints,
        "findings": _findings(checked),
        "apps": {app: [e.effect for e in effects if e.app == app] for app in APPS},
    }
    if fixed is not None:
        found["fixed"] = {
            "file": None if copy is None else str(copy),
            "changes": [{"line": c.line or None, "code": c.code, "text": c.text} for c in fixed.changes],
            "change_counts": fixed.counts,
            "left": _findings(fixed.left),
        }
    return found


def _findings(checked: "CheckedGPX") -> list[dict[str, object]]:
    from routes.gpx.apps import effects_of

    return [
        {
            "code": issue.code,
            "severity": issue.severity.value,
            "message": issue.message,
            "lines": list(issue.lines),
            "count": issue.count,
            "remedy": issue.rule.remedy,
            "fix": issue.rule.fix.value,
            "apps": [{"app": effect.app, "effect": effect.effect} for effect in effects_of({issue.code})],
        }
        for issue in checked.issues
    ]
