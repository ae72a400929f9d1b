"""Bring a GPX tree into the order and form of the GPX 1.1 schema, keeping all it can."""

from routes.gpx.codes import Notes
from routes.gpx.fix.values import mended_value
from routes.gpx.lint.columns import height_of
from routes.gpx.lint.heights import VOID_CODES
from routes.gpx.names import KEPT, KEPT_PREFIX
from routes.gpx.schema import EXTENSIONS, GPX_11, Child, Shape
from routes.gpx.tree import COMMENT, INSTRUCTION, Node
from routes.gpx.values import BLANK

_SHOWN = 60


def set_children(node: Node, children: list[Node]) -> None:
    """Replace a node's children but keep the layout: blank space stays where it was."""
    tails = [child.tail for child in node.children]
    lead = node.text if not node.text.strip(BLANK) else ""
    node.children = children
    if not children:
        node.text = ""
        return
    for index, child in enumerate(children):
        child.tail = tails[index] if index < len(tails) - 1 else lead
    children[-1].tail = tails[-1] if tails else lead


def mend_structure(root: Node, changes: Notes) -> None:
    """Bring a tree into the order and form of GPX 1.1."""
    _Mender(changes).element(root, GPX_11.shapes["gpx"])


class _Mender:
    def __init__(self, changes: Notes) -> None:
        self.changes = changes

    def element(self, node: Node, shape: Shape) -> bool:
        """Fix an element with children; returns whether it can stay."""
        if not self._attributes(node, shape):
            return False
        self._stray_text(node, shape)
        if node.name == EXTENSIONS:
            self._extensions(node)
            return True
        self._wrap_points(node, shape)
        seen: set[str] = set()
        kept: list[tuple[int, Node]] = []
        homeless: list[Node] = []
        is_changed = False
        for child in node.children:
            if child.tag in (COMMENT, INSTRUCTION):
                kept.append((-1, child))
                continue
            known = shape.children.get(child.name)
            if known is None:
                self._tell_homeless(node, child, shape)
                homeless.append(child)
                is_changed = True
            elif child.name in seen and not known.repeats:
                is_changed = True
                self._repeated(node, child, kept, homeless, shape)
            elif self._child(child, known):
                seen.add(child.name)
                kept.append((known.place, child))
            else:
                is_changed = True
        if homeless and EXTENSIONS in shape.children:
            self._house(node, shape, kept, homeless)
        self._arrange(node, kept, is_changed=is_changed)
        return True

    def _arrange(self, node: Node, kept: list[tuple[int, Node]], *, is_changed: bool) -> None:
        places = [place for place, _ in kept]
        for index in range(len(kept) - 1, -1, -1):  # a comment belongs to what follows it
            if places[index] < 0:
                places[index] = places[index + 1] if index + 1 < len(places) else 999
        order = sorted(range(len(kept)), key=lambda index: places[index])
        if order != list(range(len(kept))):
            moved = next(index for index, at in enumerate(order) if index != at)
            self.changes.add("child-order", kept[moved][1].line, f"put the parts of <{node.tag}> in order")
            is_changed = True
        if is_changed:
            set_children(node, [kept[index][1] for index in order])

    def _attributes(self, node: Node, shape: Shape) -> bool:
        for key in list(node.attributes):
            if (
                key == "xmlns"
                or key.startswith("xmlns:")
                or key.endswith((":schemaLocation", ":noNamespaceSchemaLocation"))
            ):
                continue
            if key not in shape.attributes:
                text = f"dropped {key}={node.attributes.pop(key)[:_SHOWN]!r} of <{node.tag}>"
                self.changes.add("attribute-unknown", node.line, text)
        for key, check in shape.attributes.items():
            value = node.attributes.get(key)
            if value is None:
                self.changes.add("attribute-missing", node.line, f"dropped <{node.tag}>, which has no {key}")
                return False
            code = check(value)
            if code is None:
                continue
            kind = key[3:] if node.name == "bounds" else {"href": "uri"}.get(key, key)
            mended = mended_value(kind, value)
            if mended is None:
                self.changes.add(code, node.line, f"dropped <{node.tag}> with {key}={value[:_SHOWN]!r}")
                return False
            node.attributes[key] = mended
            self.changes.add(code, node.line, f"{key}: {value[:_SHOWN]!r} is now {mended!r}")
        return True

    def _stray_text(self, node: Node, shape: Shape) -> None:
        if node.text and (shape.is_empty or node.text.strip(BLANK)):
            if node.text.strip(BLANK):
                self.changes.add("stray-text", node.line, f"dropped the text {node.text.strip()[:_SHOWN]!r}")
            else:
                self.changes.add("stray-text", node.line, f"dropped blank space in <{node.tag}>")
            node.text = ""
        for child in node.children:
            if child.tail and (shape.is_empty or child.tail.strip(BLANK)):
                self.changes.add(
                    "stray-text", child.line, f"dropped the text {child.tail.strip()[:_SHOWN]!r}"
                )
                child.tail = ""

    def _child(self, child: Node, known: Child) -> bool:
        shape = GPX_11.shapes.get(known.shape)
        if shape is not None:
            return self.element(child, shape)
        return self._value(child, known.shape)

    def _value(self, child: Node, kind: str) -> bool:
        for key in [key for key in child.attributes if key != "xmlns" and not key.startswith("xmlns:")]:
            value = child.attributes.pop(key)
            self.changes.add(
                "attribute-unknown", child.line, f"dropped {key}={value[:_SHOWN]!r} of <{child.tag}>"
            )
        text = child.content() if child.children else child.text
        if child.elements:
            self.changes.add(
                "child-in-text", child.line, f"<{child.tag}> is now the plain text {text.strip()[:_SHOWN]!r}"
            )
            child.children = []
            child.text = text
        if kind == "ele" and height_of(text) in VOID_CODES:
            self.changes.add("ele-void", child.line, f"dropped the height {text.strip()}")
            return False
        code = GPX_11.values[kind](text)
        if code is None:
            return True
        mended = mended_value(kind, text)
        if mended is None:
            self.changes.add(code, child.line, f"dropped <{child.tag}>{text.strip()[:_SHOWN]}</{child.tag}>")
            return False
        self.changes.add(code, child.line, f"<{child.tag}>: {text[:_SHOWN]!r} is now {mended!r}")
        child.children = []
        child.text = mended
        return True

    def _wrap_points(self, node: Node, shape: Shape) -> None:
        """Put track points outside any segment into one."""
        if "trkseg" not in shape.children or not any(child.name == "trkpt" for child in node.children):
            return
        children: list[Node] = []
        segment: Node | None = None
        for child in node.children:
            if child.name != "trkpt":
                segment = None if child.name else segment
                children.append(child)
                continue
            if segment is None:
                segment = Node("trkseg", {}, child.line, "trkseg", node.space)
                children.append(segment)
                self.changes.add("child-unknown", child.line, "put points without a segment into one")
            segment.children.append(child)
        set_children(node, children)

    def _repeated(
        self, node: Node, child: Node, kept: list[tuple[int, Node]], homeless: list[Node], shape: Shape
    ) -> None:
        first = next(other for _, other in kept if other.name == child.name)
        said = f"second <{child.tag}> of <{node.tag}>"
        if child.name == EXTENSIONS:
            self._extensions(child)
            set_children(first, [*first.children, *child.children])
            self.changes.add("child-repeated", child.line, f"joined the {said} to the first")
        elif child.content().strip() == first.content().strip() or EXTENSIONS not in shape.children:
            self.changes.add("child-repeated", child.line, f"dropped the {said}")
        else:
            homeless.append(child)
            self.changes.add("child-repeated", child.line, f"moved the {said} to <extensions>")

    def _tell_homeless(self, node: Node, child: Node, shape: Shape) -> None:
        deed = "moved to <extensions>" if EXTENSIONS in shape.children else "dropped"
        text = child.content().strip()[:_SHOWN]
        self.changes.add("child-unknown", child.line, f"{deed}: <{child.tag}> of <{node.tag}>, {text!r}")

    def _house(self, node: Node, shape: Shape, kept: list[tuple[int, Node]], homeless: list[Node]) -> None:
        """Move elements to the extensions of a node, which are created if missing."""
        home = next((other for _, other in kept if other.name == EXTENSIONS), None)
        if home is None:
            home = Node(EXTENSIONS, {}, homeless[0].line, EXTENSIONS, node.space)
            place = shape.children[EXTENSIONS].place
            at = next((index for index, (other, _) in enumerate(kept) if other > place), len(kept))
            kept.insert(at, (place, home))
        for child in homeless:
            if child.name or not child.space:
                keep(child)
        set_children(home, [*home.children, *homeless])

    def _extensions(self, node: Node) -> None:
        for child in node.children:
            if child.tag in (COMMENT, INSTRUCTION):
                continue
            if child.name or not child.space:
                keep(child)
                text = f"<{child.tag}> has now a namespace of its own"
                self.changes.add("extension-namespace", child.line, text)
            inner = next((other for other in child.walk() if other.name == "gpx"), None)
            if inner is not None:
                self.changes.add(
                    "extension-namespace", inner.line, "a GPX file inside an extension is now an extension"
                )
                keep(child)


def keep(node: Node) -> None:
    """Move an element, and all GPX or unqualified content in it, into our own namespace for content without a place."""
    for inner in node.walk():
        if inner.name or not inner.space:
            local = inner.tag.rpartition(":")[2]
            inner.tag, inner.name, inner.space = f"{KEPT_PREFIX}:{local}", "", KEPT
            if inner.attributes.get("xmlns") is not None:
                del inner.attributes["xmlns"]
