"""Check elements, order and values of a GPX file against the schema."""

import re

from routes.gpx.codes import Issues
from routes.gpx.names import NS_10, NS_11, XSI
from routes.gpx.schema import EXTENSIONS, GPX_10, GPX_11, Child, Schema, Shape
from routes.gpx.tree import COMMENT, INSTRUCTION, UNDECLARED, Node, Tree
from routes.gpx.values import BLANK, is_namespace

_HINTS = ("schemaLocation", "noNamespaceSchemaLocation")
_SHOWN = 40
_QNAME = re.compile(r"(?:[^\W\d][^:]*:)?[^\W\d][^:]*")


def schema_of(tree: Tree) -> Schema:
    """GPX version that a file claims, by its namespace or else its version."""
    if tree.root.space == NS_11:
        return GPX_11
    is_old = tree.root.space == NS_10 or tree.root.attributes.get("version", "").strip() == "1.0"
    return GPX_10 if is_old else GPX_11


def check_structure(tree: Tree, issues: Issues) -> None:
    """Find all violations of the schema of its version."""
    root = tree.root
    schema = schema_of(tree)
    _check_root(root, schema, issues)
    has_inner = sum(node.name == "gpx" for node in tree.nodes) > 1
    _Walk(schema, issues, has_inner=has_inner).element(root, schema.shapes["gpx"])
    _check_prefixes(tree, issues)


def _check_root(root: Node, schema: Schema, issues: Issues) -> None:
    if not root.space or root.space.startswith(UNDECLARED):
        if not root.space:
            issues.add("no-namespace", root.line)
    elif root.space != schema.namespace:
        issues.add("not-gpx-namespace", root.line, root.space[:80])
    elif ":" in root.tag:
        issues.add("prefixed", root.line, f"<{root.tag}>")
    if schema is GPX_10:
        issues.add("gpx-1.0", root.line)
    version = root.attributes.get("version")
    if version != schema.version:
        issues.add("version", root.line, "" if version is None else repr(version[:_SHOWN]))
    if "creator" not in root.attributes:
        issues.add("creator", root.line)


def _check_prefixes(tree: Tree, issues: Issues) -> None:
    """Find undeclared prefixes of elements and attributes, and invalid names."""
    declared = {"xml", "xmlns"}
    with_attributes = [node for node in tree.nodes if node.attributes]
    for node in with_attributes:
        for key, value in node.attributes.items():
            if key.startswith("xmlns:") or (key == "xmlns" and value):
                declared.add(key[6:])
                if not is_namespace(value):
                    issues.add("namespace-form", node.line, f"{key}={value[:_SHOWN]!r}")
    _check_elements(tree, issues)
    known: set[str] = set()
    for node in with_attributes:
        for key in node.attributes:
            if key in known or not _is_name(key, node.line, issues):
                continue
            # an attribute whose prefix only an element elsewhere declares passes: no app looks at it
            if ":" in key and key.partition(":")[0] not in declared:
                issues.add("undeclared-prefix", node.line, key[:_SHOWN])
            else:
                known.add(key)


def _check_elements(tree: Tree, issues: Issues) -> None:
    good: set[tuple[str, str]] = set()
    for node in tree.nodes:
        if (node.tag, node.space) in good or not _is_name(node.tag, node.line, issues):
            continue
        if node.space.startswith(UNDECLARED):
            issues.add("undeclared-prefix", node.line, f"<{node.tag[:_SHOWN]}>")
        else:
            good.add((node.tag, node.space))


def _is_name(name: str, line: int, issues: Issues) -> bool:
    if _QNAME.fullmatch(name):
        return True
    issues.add("not-well-formed", line, f"the name {name[:_SHOWN]!r}")
    return False


class _Walk:
    """One pass over a file."""

    def __init__(self, schema: Schema, issues: Issues, *, has_inner: bool) -> None:
        self.schema = schema
        self.has_inner = has_inner
        """Whether there is an element ``gpx`` besides the root."""
        self.issues = issues
        self.hints: dict[str, bool] = {}
        self.good: set[tuple[int, tuple[str, ...]]] = set()
        """Shapes (by identity) with child names that are valid in this order."""
        self.blanks = {""}
        """Texts of blank space; most occur a hundred thousand times."""

    def element(self, node: Node, shape: Shape) -> None:
        """Check an element with children."""
        if node.attributes or shape.attributes:
            self._attributes(node, shape)
        if node.text and (shape.is_empty or not self._is_blank(node.text)):
            self.issues.add("stray-text", node.line, repr(node.text.strip()[:_SHOWN]))
        children = node.children
        if not children:
            return
        for child in children:
            if child.tail and (shape.is_empty or not self._is_blank(child.tail)):
                self.issues.add("stray-text", child.line, repr(child.tail.strip()[:_SHOWN]))
        key = (id(shape), tuple([child.name or child.tag for child in children]))
        if key not in self.good and self._order(node, shape):
            self.good.add(key)
        for child in children:
            known = shape.children.get(child.name)
            if known is not None:
                self._child(child, known)

    def _is_blank(self, text: str) -> bool:
        if text in self.blanks:
            return True
        if text.strip(BLANK):
            return False
        self.blanks.add(text)
        return True

    def _order(self, node: Node, shape: Shape) -> bool:
        """Check children and their order; returns whether the result holds wherever they have these names."""
        reached, seen_place = 0, -1
        is_plain = True
        for child in node.children:
            if child.tag in (COMMENT, INSTRUCTION):
                continue
            known = shape.children.get(child.name)
            place = self._place(node, child, known, shape)
            if place is None or known is None:
                is_plain = False  # foreign content is checked each time
            if place is None:
                continue
            if place < reached:
                self.issues.add("child-order", child.line, f"<{child.tag}> behind its place in <{node.tag}>")
                is_plain = False
            elif place == seen_place and known is not None and not known.repeats:
                self.issues.add("child-repeated", child.line, f"<{child.tag}> in <{node.tag}>")
                is_plain = False
            reached = max(reached, place)
            seen_place = place
        return is_plain

    def _place(self, node: Node, child: Node, known: Child | None, shape: Shape) -> int | None:
        """Place of a child in the order; None if it is not allowed at all."""
        if known is not None:
            return known.place
        is_foreign = bool(child.space) and not child.name
        if is_foreign and shape.foreign_place is not None:
            self._foreign(child)
            return shape.foreign_place
        if node.name == EXTENSIONS:
            self.issues.add("extension-namespace", child.line, f"<{child.tag[:_SHOWN]}>")
        else:
            self.issues.add("child-unknown", child.line, f"<{child.tag[:_SHOWN]}> in <{node.tag}>")
        return None

    def _child(self, child: Node, known: Child) -> None:
        shape = self.schema.shapes.get(known.shape)
        if shape is not None:
            self.element(child, shape)
            return
        if child.attributes:
            self._attributes(child, _PLAIN)
        text = child.text
        if child.children:
            text = child.content()
            if child.elements:
                self.issues.add(
                    "child-in-text", child.line, f"<{child.elements[0].tag[:_SHOWN]}> in <{child.tag}>"
                )
        code = self.schema.values[known.shape](text)
        if code is not None:
            self.issues.add(code, child.line, _shown(child.tag, text))

    def _attributes(self, node: Node, shape: Shape) -> None:
        is_root = node.name == "gpx"
        for key, value in node.attributes.items():
            check = shape.attributes.get(key)
            if check is None:
                if not self._is_hint(key, node):
                    self.issues.add("attribute-unknown", node.line, f"{key[:_SHOWN]} in <{node.tag}>")
                continue
            code = check(value)
            if code is not None:
                self.issues.add(code, node.line, f"{key}={value[:_SHOWN]!r}")
        if not is_root:  # those of the root have their own rules
            for key in shape.attributes:
                if key not in node.attributes:
                    self.issues.add("attribute-missing", node.line, f"{key} in <{node.tag}>")

    def _is_hint(self, key: str, node: Node) -> bool:
        """Whether an attribute is allowed anywhere: namespaces and schema locations."""
        if key == "xmlns" or key.startswith("xmlns:"):
            return True
        prefix, _, local = key.rpartition(":")
        if node.name == "gpx" and prefix:
            self.hints[prefix] = node.attributes.get(f"xmlns:{prefix}") == XSI
        own = node.attributes.get(f"xmlns:{prefix}")
        return local in _HINTS and (own == XSI if own else self.hints.get(prefix, False))

    def _foreign(self, node: Node) -> None:
        """Find a whole GPX file in a foreign element, which the schema would check too."""
        if not self.has_inner:
            return
        for inner in node.walk():
            if inner.name == "gpx" and inner.space == self.schema.namespace:
                self.issues.add("extension-namespace", inner.line, f"<{inner.tag}> inside an extension")


_PLAIN = Shape({}, {})


def _shown(tag: str, text: str) -> str:
    bare = text.strip()
    return f"{bare[:_SHOWN]!r}" if bare else f"<{tag}/>"
