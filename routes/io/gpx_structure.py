"""Checks of a GPX file's elements, their order and their values against the schema, with lines."""

import re

from routes.io.gpx_shapes import EXTENSIONS, GPX_10, GPX_11, NS_10, NS_11, Child, Schema, Shape
from routes.io.gpx_tree import COMMENT, INSTRUCTION, UNDECLARED, Node, Tree
from routes.io.gpx_values import BLANK, is_namespace
from routes.model.gpx_rules import Issues

_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_HINTS = ("schemaLocation", "noNamespaceSchemaLocation")
_SHOWN = 40
_QNAME = re.compile(r"(?:[^\W\d][^:]*:)?[^\W\d][^:]*")


def schema_of(tree: Tree) -> Schema:
    """Version of GPX that a file claims to be: by its namespace, else by its version."""
    if tree.root.space == NS_11:
        return GPX_11
    is_old = tree.root.space == NS_10 or tree.root.attributes.get("version", "").strip() == "1.0"
    return GPX_10 if is_old else GPX_11


def check_structure(tree: Tree, issues: Issues) -> None:
    """Find everything in which a file departs from the schema of its version.

    Parameters
    ----------
    tree : Tree
        The file.
    issues : Issues
        Takes what was found.
    """
    root = tree.root
    schema = schema_of(tree)
    _check_root(root, schema, issues)
    _Walk(schema, issues).element(root, schema.shapes["gpx"])
    _check_prefixes(root, issues)


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


def _check_prefixes(root: Node, issues: Issues) -> None:
    """Find prefixes that nothing declares, of elements and of attributes."""
    declared = {"xml", "xmlns"}
    nodes = list(root.walk())
    for node in nodes:
        for key, value in node.attributes.items():
            if key.startswith("xmlns:") or (key == "xmlns" and value):
                declared.add(key[6:])
                if not is_namespace(value):
                    issues.add("namespace-form", node.line, f"{key}={value[:_SHOWN]!r}")
    good: set[str] = set()
    for node in nodes:
        for name in (node.tag, *node.attributes):
            if name not in good and not _QNAME.fullmatch(name):
                issues.add("not-well-formed", node.line, f"the name {name[:_SHOWN]!r}")
            good.add(name)
        if node.space.startswith(UNDECLARED):
            issues.add("undeclared-prefix", node.line, f"<{node.tag[:_SHOWN]}>")
        for key in node.attributes:
            # where an element declares a prefix only for itself, an attribute elsewhere passes: no app looks at it
            if ":" in key and key.partition(":")[0] not in declared:
                issues.add("undeclared-prefix", node.line, key[:_SHOWN])


class _Walk:
    """One pass over a file."""

    def __init__(self, schema: Schema, issues: Issues) -> None:
        self.schema = schema
        self.issues = issues
        self.hints: dict[str, bool] = {}

    def element(self, node: Node, shape: Shape) -> None:
        """Check an element with children."""
        self._attributes(node, shape)
        if node.text and (shape.is_empty or node.text.strip(BLANK)):
            self.issues.add("stray-text", node.line, repr(node.text.strip()[:_SHOWN]))
        reached = 0
        seen_place = -1
        for child in node.children:
            if child.tail and (shape.is_empty or child.tail.strip(BLANK)):
                self.issues.add("stray-text", child.line, repr(child.tail.strip()[:_SHOWN]))
            if child.tag in (COMMENT, INSTRUCTION):
                continue
            known = shape.children.get(child.name)
            place = self._place(node, child, known, shape)
            if place is None:
                continue
            if place < reached:
                self.issues.add("child-order", child.line, f"<{child.tag}> behind its place in <{node.tag}>")
            elif place == seen_place and known is not None and not known.repeats:
                self.issues.add("child-repeated", child.line, f"<{child.tag}> in <{node.tag}>")
            reached = max(reached, place)
            seen_place = place
            if known is not None:
                self._child(child, known)

    def _place(self, node: Node, child: Node, known: Child | None, shape: Shape) -> int | None:
        """Place of a child in the order; None where it may not stand at all."""
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
        if not is_root:  # those of the root have rules of their own
            for key in shape.attributes:
                if key not in node.attributes:
                    self.issues.add("attribute-missing", node.line, f"{key} in <{node.tag}>")

    def _is_hint(self, key: str, node: Node) -> bool:
        """Whether an attribute may stand anywhere: namespaces, and where schemas lie."""
        if key == "xmlns" or key.startswith("xmlns:"):
            return True
        prefix, _, local = key.rpartition(":")
        if node.name == "gpx" and prefix:
            self.hints[prefix] = node.attributes.get(f"xmlns:{prefix}") == _XSI
        own = node.attributes.get(f"xmlns:{prefix}")
        return local in _HINTS and (own == _XSI if own else self.hints.get(prefix, False))

    def _foreign(self, node: Node) -> None:
        """Find a whole GPX file in an element of others, which the schema would look at too."""
        for inner in node.walk():
            if inner.name == "gpx" and inner.space == self.schema.namespace:
                self.issues.add("extension-namespace", inner.line, f"<{inner.tag}> inside an extension")


_PLAIN = Shape({}, {})


def _shown(tag: str, text: str) -> str:
    bare = text.strip()
    return f"{bare[:_SHOWN]!r}" if bare else f"<{tag}/>"
