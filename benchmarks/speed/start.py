"""Start-up time of commands, and size of the code.

    python benchmarks/speed/start.py [--repeats 9] [TREK.toml]

Each command runs on the sample trek as its own process, including imports. It alternates with a baseline that
only imports the libraries needed for a trek with heights. The shortest of all runs counts, as a ratio to the
baseline's. A first, uncounted round warms the caches of files and compiled modules.
"""

import argparse
import ast
import io
import os
import subprocess
import sys
import tempfile
import time
import tokenize
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "routes"
TREK = ROOT / "data" / "treks" / "john-muir.toml"
BASELINE = "import numpy, rasterio, shapely, pyproj"


def main(repeats: int, trek: str) -> None:
    print("| code | |")
    print("|---|---:|")
    for what, figure in code_figures():
        print(f"| {what} | {figure} |", flush=True)
    print(
        f"\n{Path(trek).stem}, its DEM on disk, least of {repeats} runs in turn, load {os.getloadavg()[0]:.1f}\n"
    )
    with tempfile.TemporaryDirectory() as folder:
        commands = {
            f"`{BASELINE}`": ["-c", BASELINE],
            "`routes --help`": ["-m", "routes", "--help"],
            "`routes stats`": ["-m", "routes", "stats", trek, "--offline"],
            "`routes validate`": ["-m", "routes", "validate", trek, "--offline"],
            "`routes build`": ["-m", "routes", "build", trek, "--offline", "--out", folder],
        }
        rounds = [{name: _run(given) for name, given in commands.items()} for _ in range(repeats + 1)][1:]
    least = {
        name: [min(seconds) for seconds in zip(*(r[name] for r in rounds), strict=True)] for name in commands
    }
    base_cpu, base_clock = least[f"`{BASELINE}`"]
    print("| command | CPU (user + system) | ratio | clock | ratio |")
    print("|---|---:|---:|---:|---:|")
    for name, (cpu, clock) in least.items():
        print(f"| {name} | {cpu:.2f} s | {cpu / base_cpu:.2f} | {clock:.2f} s | {clock / base_clock:.2f} |")


def code_figures() -> Iterator[tuple[str, str]]:
    """Yield names and values of code statistics."""
    files = sorted(PACKAGE.rglob("*.py"))
    modules = Counter(
        file.parent for file in files if file.name != "__init__.py" and file.parent.name != "cli"
    )
    folder, most = modules.most_common(1)[0]
    yield "modules in the fullest folder, `__init__` and cli aside", f"{most} ({folder.relative_to(ROOT)})"
    cycles = import_cycles()
    yield "import cycles among modules", "; ".join(" + ".join(cycle) for cycle in cycles) or "0"
    texts = [file.read_text(encoding="utf-8") for file in files]
    yield "modules", f"{len(files)}"
    yield "lines", f"{sum(len(text.splitlines()) for text in texts):,}"
    yield "lines of code, without blanks, comments and docstrings", f"{sum(map(code_lines, texts)):,}"


def import_cycles() -> list[list[str]]:
    """Groups of modules that import each other, at import or later; imports for types alone do not count."""
    graph = grimp.build_graph("routes", exclude_type_checking_imports=True, cache_dir=None)
    cycles: list[list[str]] = []
    seen: set[str] = set()
    for module in sorted(graph.modules - {"routes"}):
        if module not in seen:
            behind = graph.find_upstream_modules(module) & graph.find_downstream_modules(module)
            if behind - {module}:
                cycles.append(sorted({module, *behind}))
            seen |= {module, *behind}
    return cycles


def code_lines(text: str) -> int:
    """Number of lines with code; docstrings, including those of fields and constants, do not count."""
    ignored = {
        tokenize.COMMENT,
        tokenize.NL,
        tokenize.NEWLINE,
        tokenize.INDENT,
        tokenize.DEDENT,
        tokenize.ENDMARKER,
    }
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in ignored:
            lines.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Expr(value=ast.Constant(value=str())):
                lines.difference_update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return len(lines)


def _run(arguments: list[str]) -> tuple[float, float]:
    """CPU and wall seconds; `routes validate` exits 1 if figures differ."""
    begun = time.monotonic()
    process = subprocess.Popen(  # noqa: S603 - our own commands
        [sys.executable, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT
    )
    _, status, used = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        sys.exit(f"{arguments} failed.")
    return used.ru_utime + used.ru_stime, time.monotonic() - begun


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("trek", nargs="?", default=str(TREK))
    parser.add_argument("--repeats", type=int, default=9)
    asked = parser.parse_args()
    main(asked.repeats, asked.trek)
