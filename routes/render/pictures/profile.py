"""The profile as a standalone picture with title and credits."""

import textwrap
from dataclasses import replace

from routes.analysis.figures.results import VariantStudy
from routes.analysis.study import Study
from routes.model.units import Units
from routes.render.drawing.palette import INK, SOFT
from routes.render.drawing.shapes import Drawing, Rect, Shape, Text
from routes.render.page.profile import profile_drawing
from routes.render.pictures.captions import credit_line, headline, subtitle

_WIDTH_PX = 820.0
_INNER_PX = 800.0
_HEAD_PX = 62.0
_TITLE_CHARACTERS = 62
_LINE_PX = 15.0
_CREDIT_CHARACTERS = 118


def static_profile(study: Study, variant: VariantStudy, units: Units = Units.METRIC) -> Drawing | None:
    """Profile of a variant, or of one of its days, with title and credits; None if there is nothing to draw."""
    inner = profile_drawing(study, variant, units)
    if inner is None:
        return None
    own = {
        "x": "10", "y": f"{_HEAD_PX:g}", "width": f"{_INNER_PX:g}", "height": f"{inner.height:g}",
        "overflow": "visible",  # wide fonts extend beyond the drawing's edges
    }  # fmt: skip
    credit = textwrap.wrap(credit_line(study, variant), _CREDIT_CHARACTERS)
    foot = _HEAD_PX + inner.height + 8.0
    whole = foot + _LINE_PX * len(credit) + 8.0
    name = headline(study, variant, _TITLE_CHARACTERS)
    shapes: list[Shape] = [
        Rect(0.0, 0.0, _WIDTH_PX, whole, {"fill": "#fff"}),
        Text(16.0, 30.0, name, {"font-size": "20", "font-weight": "600", "fill": INK}),
        Text(16.0, 51.0, subtitle(study, variant, units, 110), {"font-size": "13", "fill": SOFT}),
        replace(inner, attributes={**own, **inner.attributes}),
        *(
            Text(16.0, foot + _LINE_PX * (i + 0.7), line, {"font-size": "11", "fill": SOFT})
            for i, line in enumerate(credit)
        ),
    ]
    attributes = {
        "xmlns": "http://www.w3.org/2000/svg",
        "viewBox": f"0 0 {_WIDTH_PX:g} {whole:g}",
        "width": f"{_WIDTH_PX:g}",
        "height": f"{whole:g}",
        "font-family": "system-ui, sans-serif",
        "font-size": "12",
    }
    return Drawing(width=_WIDTH_PX, height=whole, attributes=attributes, shapes=shapes)
