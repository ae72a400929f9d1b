"""No output of the program on the sample data changes by a byte unless that is meant."""

import json

import pytest

from tests.golden.commands import GROUPS
from tests.golden.outputs import DIGESTS, digests, versions

KNOWN = json.loads(DIGESTS.read_text(encoding="utf-8"))
OTHER = sorted(
    f"{name} {KNOWN['versions'].get(name)}, here {found}"
    for name, found in versions().items()
    if found != KNOWN["versions"].get(name)
)


@pytest.mark.skipif(bool(OTHER), reason=f"the outputs were recorded with {'; '.join(OTHER)}")
@pytest.mark.parametrize("group", GROUPS)
def test_outputs_are_those_recorded(group):
    known = {name: digest for name, digest in KNOWN["outputs"].items() if name.startswith(f"{group}/")}
    found = digests(group)
    changed = sorted(name for name in known.keys() | found.keys() if known.get(name) != found.get(name))
    assert not changed, (
        f"{len(changed)} outputs changed: {', '.join(changed)}. To see how, run 'python -m tests.golden.outputs "
        "FOLDER' here and in a worktree of the commit before, and 'diff -r' the folders; if it is meant, record "
        "them anew with 'python -m tests.golden.outputs --record'."
    )
