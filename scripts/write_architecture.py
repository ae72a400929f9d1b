"""Write the list of modules in docs/architecture.md: python scripts/write_architecture.py."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "architecture.md"
MARK = "<!-- Written by scripts/write_architecture.py from the modules' docstrings; do not edit below. -->"


def summary(module: Path) -> str:
    """First line of a module's docstring."""
    return (ast.get_docstring(ast.parse(module.read_text(encoding="utf-8"))) or "").partition("\n")[0]


def rooms() -> str:
    """A heading per package, and a line per module, in alphabetical order."""
    parts = []
    for init in sorted((ROOT / "routes").rglob("__init__.py")):
        folder = init.parent
        rows = [f"- `{path.stem}`: {summary(path)}" for path in sorted(folder.glob("*.py")) if path != init]
        name = ".".join(folder.relative_to(ROOT).parts)
        parts.append("\n".join((f"### {name}", summary(init), "", *rows)).rstrip())
    return "\n\n".join(parts)


def page(text: str) -> str:
    """`text` with a new list of modules."""
    return f"{text.partition(MARK)[0]}{MARK}\n\n{rooms()}\n"


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
