"""Rooms stay small, and docs/architecture.md lists what is in them."""

import pytest

from scripts.write_architecture import PAGE, ROOT, page, summary

MODULES = sorted(path for path in (ROOT / "routes").rglob("*.py") if path.name != "__init__.py")


def test_the_architecture_page_lists_every_module():
    text = PAGE.read_text(encoding="utf-8")
    assert page(text) == text, "run: python scripts/write_architecture.py"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: ".".join(path.relative_to(ROOT).parts))
def test_a_module_says_what_it_is_and_is_short(path):
    assert summary(path).endswith(".")
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


@pytest.mark.parametrize("folder", sorted({path.parent for path in MODULES}), ids=lambda folder: folder.name)
def test_a_room_holds_few_modules(folder):
    """The command line has one module per command."""
    limit = 22 if folder.name == "cli" else 17
    assert sum(path.parent == folder for path in MODULES) <= limit
