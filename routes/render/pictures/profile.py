"""The profile as a picture for itself: with a title above, and below whom to credit."""

import textwrap

from routes.analysis.figures.results import VariantStudy
from routes.analysis.study import Study
from routes.model.units import Units
from routes.render.drawing.palette import INK, SOFT
from routes.render.page.profile import profile_svg
from routes.render.pictures.captions import credit_line, headline, subtitle
from routes.render.words.markup import escape

_WIDTH_PX = 820.0
_INNER_PX = 800.0
_HEAD_PX = 62.0
_TITLE_CHARACTERS = 62
_LINE_PX = 15.0
_CREDIT_CHARACTERS = 118


def static_profile_svg(study: Study, variant: VariantStudy, units: Units = Units.METRIC) -> str:
    """Profile of a variant as an SVG file.

    Parameters
    ----------
    study : Study
        The trek.
    variant : VariantStudy
        One of its variants, or a day of it.
    units : Units
        Units of the reader.

    Returns
    -------
    str
        One ``svg`` element, the profile of the map page in it; "" when there is nothing to draw.
    """
    inner = profile_svg(study, variant, units)
    if not inner:
        return ""
    height = float(inner.split('viewBox="0 0 ', 1)[1].split('"', 1)[0].split()[1])
    # wide fonts reach beyond the edges that the drawing has in the page
    own = f'x="10" y="{_HEAD_PX:g}" width="{_INNER_PX:g}" height="{height:g}" overflow="visible"'
    placed = inner.replace("<svg ", f"<svg {own} ", 1)
    credit = textwrap.wrap(credit_line(study, variant), _CREDIT_CHARACTERS)
    foot = _HEAD_PX + height + 8.0
    whole = foot + _LINE_PX * len(credit) + 8.0
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH_PX:g} {whole:g}" width="{_WIDTH_PX:g}" '
        f'height="{whole:g}" font-family="system-ui, sans-serif" font-size="12">'
    )
    name = escape(headline(study, variant, _TITLE_CHARACTERS))
    parts = [
        opening,
        f'<rect width="{_WIDTH_PX:g}" height="{whole:g}" fill="#fff"/>',
        f'<text x="16" y="30" font-size="20" font-weight="600" fill="{INK}">{name}</text>',
        f'<text x="16" y="51" font-size="13" fill="{SOFT}">{escape(subtitle(study, variant, units, 110))}</text>',
        placed,
        *(
            f'<text x="16" y="{foot + _LINE_PX * (i + 0.7):g}" font-size="11" fill="{SOFT}">{escape(line)}</text>'
            for i, line in enumerate(credit)
        ),
        "</svg>",
    ]
    return "".join(parts)
