"""Options on walking time that several commands share."""

from typing import Annotated

import typer

from routes.model.effort import Method

MethodOption = Annotated[
    Method,
    typer.Option(
        "--method", help="How walking time is told: Swiss signposts, Naismith with Langmuir, Tobler, ..."
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
    bool, typer.Option("--thin-air", help="Slower above 1500 m, as walkers are who are not acclimatised.")
]
