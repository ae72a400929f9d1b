"""Fix namespaces of a GPX tree, and convert GPX 1.0 to 1.1."""

from urllib.parse import quote

from routes.gpx.codes import Notes
from routes.gpx.fix.structure import set_children
from routes.gpx.lint.structure import schema_of
from routes.gpx.names import KEPT, KEPT_PREFIX, KNOWN, NS_10, NS_11, unknown
from routes.gpx.schema import GPX_10
from routes.gpx.tree import COMMENT, INSTRUCTION, UNDECLARED, Node, Tree
from routes.gpx.values import is_namespace

_ABOUT = ("name", "desc", "author", "email", "url", "urlname", "time", "keywords", "bounds")
"""Elements that belong in ``metadata`` since GPX 1.1."""


def mend_version(tree: Tree, changes: Notes) -> None:
    """Convert a file to GPX 1.1."""
    root = tree.root
    if schema_of(tree) is GPX_10:
        changes.add("gpx-1.0", root.line, "the file is GPX 1.1 now")
        _modernise(root)
        for key in [key for key in root.attributes if key.endswith(":schemaLocation")]:
            del root.attributes[key]  # it names the schema of 1.0
    elif root.attributes.get("version") != "1.1":
        changes.add("version", root.line, 'version="1.1" is written')
    if "creator" not in root.attributes:
        changes.add("creator", root.line, 'creator="unknown" is written')
        root.attributes["creator"] = "unknown"
    root.attributes["version"] = "1.1"


def _modernise(root: Node) -> None:
    """Move elements of 1.0 to their place in 1.1."""
    about = root.called(*_ABOUT)
    if about:
        metadata = Node("metadata", {}, about[0].line, "metadata", root.space)
        metadata.children = about
        rest = [child for child in root.children if child.name not in _ABOUT]
        set_children(root, [metadata, *rest])
        for child in about:
            child.tail = ""
        _modernise_author(metadata)
    for node in root.walk():
        if node.name in ("wpt", "rte", "rtept", "trk", "trkpt", "metadata"):
            _link(node)


def _link(node: Node) -> None:
    """Turn ``url`` and ``urlname`` into a link."""
    urls, titles = node.called("url"), node.called("urlname")
    if not urls:
        return
    url = urls[0]
    url.tag, url.name = "link", "link"
    url.attributes = {"href": url.content().strip()}
    url.text, url.children = "", []
    if titles:
        title = titles[0]
        set_children(node, [child for child in node.children if child is not title])
        title.tag, title.name, title.tail = "text", "text", ""
        url.children = [title]


def _modernise_author(metadata: Node) -> None:
    author, email = (next(iter(metadata.called(name)), None) for name in ("author", "email"))
    if author is None and email is None:
        return
    person = Node("author", {}, (author or email or metadata).line, "author", metadata.space)
    if author is not None:
        author.tag, author.name = "name", "name"
        person.children.append(author)
    if email is not None:
        user, _, domain = email.content().strip().partition("@")
        email.tag, email.name, email.text, email.children = "email", "email", "", []
        email.attributes = {"id": user, "domain": domain}
        person.children.append(email)
    metadata.children = [child for child in metadata.children if child not in (author, email)]
    metadata.children.append(person)


def mend_namespaces(tree: Tree, changes: Notes) -> None:
    """Write every GPX element without a prefix, in the 1.1 namespace, and declare all other prefixes."""
    root = tree.root
    home = root.space
    if not home or home.startswith(UNDECLARED):
        changes.add(
            "no-namespace" if not home else "undeclared-prefix", root.line, f'xmlns="{NS_11}" is written'
        )
    elif home not in (NS_11, NS_10):
        changes.add("not-gpx-namespace", root.line, f'xmlns="{NS_11}" for {home[:80]!r}')
    if ":" in root.tag:
        changes.add(
            "prefixed", root.line, f"<{root.tag}> and all of GPX in the file is written without a prefix"
        )
    root.attributes["xmlns"] = NS_11
    _mend_declared(root, changes)
    if any(node.space == KEPT for node in root.walk()):
        root.attributes[f"xmlns:{KEPT_PREFIX}"] = KEPT
    nodes = list(root.walk())
    declared = {key[6:] for node in nodes for key in node.attributes if key.startswith("xmlns:")} | {
        "xml",
        "xmlns",
    }
    for node in nodes:
        missing = (
            [node.space[len(UNDECLARED) :]] if node.space.startswith(UNDECLARED) and not node.name else []
        )
        prefixes = [key.partition(":")[0] for key in node.attributes if ":" in key]
        missing += [prefix for prefix in prefixes if prefix not in declared]
        for prefix in missing:
            if f"xmlns:{prefix}" in root.attributes:
                continue
            declared.add(prefix)
            space = KNOWN.get(prefix, unknown(quote(prefix)))
            root.attributes[f"xmlns:{prefix}"] = space
            changes.add("undeclared-prefix", node.line, f"xmlns:{prefix}={space!r} is declared")
    _scope(root)


def _mend_declared(root: Node, changes: Notes) -> None:
    """Replace namespaces that are not URIs, on all their elements."""
    renamed: dict[str, str] = {}
    for node in root.walk():
        for key, value in list(node.attributes.items()):
            if not (key.startswith("xmlns:") or (key == "xmlns" and value)) or is_namespace(value):
                continue
            quoted = quote(value.strip(), safe="/:?#@!$&()*+,;=~%")
            new = quoted if is_namespace(quoted) else unknown(quote(key[6:]))
            renamed[value] = node.attributes[key] = new
            changes.add("namespace-form", node.line, f"{key}: {value[:60]!r} is now {new!r}")
    if renamed:
        for node in root.walk():
            node.space = renamed.get(node.space, node.space)


def _scope(root: Node) -> None:
    """Name every element so that it stays in its namespace, whatever its parents declare."""
    first = {"": NS_11, "xml": ""} | {
        key[6:]: value for key, value in root.attributes.items() if key[:6] == "xmlns:"
    }
    waiting = [(child, first) for child in reversed(root.children)]
    root.tag, root.space = "gpx", NS_11
    while waiting:
        node, scope = waiting.pop()
        if node.tag in (COMMENT, INSTRUCTION):
            continue
        if node.attributes:
            if node.name:
                node.attributes.pop("xmlns", None)
            own = {
                key[6:]: value
                for key, value in node.attributes.items()
                if key[:5] == "xmlns" and key[5:6] in ("", ":")
            }
            scope = scope | own if own else scope
        if node.name:
            node.tag, node.space = node.name, NS_11
            if scope[""] != NS_11:
                node.attributes = {"xmlns": NS_11} | node.attributes
                scope = scope | {"": NS_11}
        elif not node.space.startswith(UNDECLARED):
            prefix = node.tag.rpartition(":")[0]
            if scope.get(prefix) != node.space and not (prefix and not node.space):
                key = f"xmlns:{prefix}" if prefix else "xmlns"
                value = node.attributes.get(key, node.space)
                node.attributes[key] = value
                scope = scope | {prefix: value}
        waiting.extend((child, scope) for child in reversed(node.children))
