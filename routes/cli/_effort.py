"""Options on walking time that several commands share."""

from typing import Annotated

import typer

from routes.model.effort import Method

MethodOption = Annotated[
    Method,
    typer.Option(
        "--method",
        help="Method used for walking time: Campbell's walkers, Swiss signposts, Naismith with Langmuir, ...",
    ),
]
PaceOption = Annotated[
    float,
    typer.Option(
        "--pace", metavar="FACTOR", help="Factor on walking time: 1.2 is a fifth slower than the method."
    ),
]
PackOption = Annotated[
    float, typer.Option("--pack-kg", metavar="KG", help="Mass of a heavy pack; 0 as the methods have it.")
]
AltitudeOption = Annotated[
    bool | None,
    typer.Option(
        "--thin-air/--no-thin-air",
        help="Walk slower above 1500 m (not acclimatised). Default: on with the method campbell, off with the others.",
        show_default=False,
    ),
]
