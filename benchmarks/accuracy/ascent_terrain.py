"""Synthetic terrain for benchmarks/accuracy/ascent.py: two generators that share no code, each for many days at once.

Both give mountains whose relief an octave of wavelength follows the structure function of the Sierra Nevada in SRTM 3"
(rms difference of heights 21, 39, 71, 121, 191, 276 and 372 m at lags of 93 m and its doublings), and whose roughness
below 400 m, which no such DEM shows, varies from day to day.
"""

from dataclasses import dataclass

import numpy as np

from routes._typing import BoolArray, FloatArray, IntArray

WAVELENGTH_M = 25_600.0 / 2.0 ** np.arange(11)
"""Longest wavelength of each octave, metres: down to 25 m, the finest that trails have."""

OCTAVE_RMS_M = np.array([240.0, 170.0, 115.0, 72.0, 40.0, 21.0, 9.5, 4.0, 1.7, 0.7, 0.3])
"""Root mean square height of each octave, metres."""

FINE = WAVELENGTH_M < 500.0
"""Octaves whose strength varies from day to day by itself."""

STEERED = WAVELENGTH_M > 300.0
"""Octaves that whoever laid the trail went around where they are steep."""


def octave_strengths(days: int, generator: np.random.Generator) -> FloatArray:
    """Root mean square height of each octave on each day, shape (days, octaves), metres."""
    relief = np.exp(generator.normal(0.0, 0.25, (days, 1)))
    fine = np.exp(generator.normal(-0.35, 0.45, (days, 1)))
    return OCTAVE_RMS_M * relief * np.where(FINE, fine, 1.0)


@dataclass(frozen=True)
class Waves:
    """Generator of the calibration days: plane waves of random direction and phase, a power spectrum of fixed form."""

    strengths: FloatArray
    wave: FloatArray
    """Wave vectors, shape (days, waves, 2), radians a metre."""

    phase: FloatArray
    octave: IntArray

    @classmethod
    def draw(cls, days: int, generator: np.random.Generator, each: int = 22) -> "Waves":
        """Waves of as many days."""
        octave = np.repeat(np.arange(WAVELENGTH_M.size), each)
        shape = (days, octave.size)
        length = WAVELENGTH_M[octave] * 0.5 ** generator.uniform(0.0, 1.0, shape)
        angle = generator.uniform(0.0, 2.0 * np.pi, shape)
        number = 2.0 * np.pi / length
        wave = np.stack([number * np.cos(angle), number * np.sin(angle)], axis=-1)
        phase = generator.uniform(0.0, 2.0 * np.pi, shape)
        amplitude = octave_strengths(days, generator)[:, octave] * np.sqrt(2.0 / each) * 0.8
        return cls(amplitude, wave, phase, octave)

    def gradient(self, x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Gradient of what a trail goes around, at one position a day."""
        seen = STEERED[self.octave]
        wave = self.wave[:, seen]
        slope = -self.strengths[:, seen] * np.sin(
            wave[..., 0] * x[:, None] + wave[..., 1] * y[:, None] + self.phase[:, seen]
        )
        return (slope * wave[..., 0]).sum(axis=1), (slope * wave[..., 1]).sum(axis=1)

    def ground(self, day: int, x: FloatArray, y: FloatArray) -> FloatArray:
        """Height of the ground, metres."""
        height = np.zeros(x.shape)
        for amplitude, wave, phase in zip(self.strengths[day], self.wave[day], self.phase[day], strict=True):
            height += amplitude * np.cos(wave[0] * x + wave[1] * y + phase)
        return height

    def cells(
        self,
        day: int,
        x: FloatArray,
        y: FloatArray,
        wide: float,
        high: float,
        near: BoolArray,  # noqa: ARG002 - the closed form is as fast for all cells
    ) -> FloatArray:
        """Mean height of cells with centres at the crossings of `x` and `y`: in closed form, by sinc."""
        wave, phase = self.wave[day], self.phase[day]
        damped = (
            self.strengths[day]
            * np.sinc(wave[:, 0] * wide / (2.0 * np.pi))
            * np.sinc(wave[:, 1] * high / (2.0 * np.pi))
        )
        east = np.exp(1j * np.outer(x, wave[:, 0]))
        north = np.exp(1j * np.outer(y, wave[:, 1])) * (damped * np.exp(1j * phase))
        return np.asarray((north @ east.T).real)


@dataclass(frozen=True)
class Lattice:
    """Generator of the test days: gradient noise on turned lattices (Perlin 2002), long octaves folded to ridges."""

    strengths: FloatArray
    seed: IntArray
    turn: FloatArray

    @classmethod
    def draw(cls, days: int, generator: np.random.Generator) -> "Lattice":
        """Lattices of as many days."""
        return cls(
            octave_strengths(days, generator),
            generator.integers(1, 2**31, (days, WAVELENGTH_M.size)),
            generator.uniform(0.0, np.pi, (days, WAVELENGTH_M.size)),
        )

    def gradient(self, x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Gradient of what a trail goes around, at one position a day."""
        step = 20.0
        xs = np.stack([x + step, x - step, x, x])
        ys = np.stack([y, y, y + step, y - step])
        height = np.zeros(xs.shape)
        for k in np.flatnonzero(STEERED).tolist():
            height += self._octave(k, xs, ys, self.strengths[:, k], self.seed[:, k], self.turn[:, k])
        return (height[0] - height[1]) / (2.0 * step), (height[2] - height[3]) / (2.0 * step)

    def ground(self, day: int, x: FloatArray, y: FloatArray) -> FloatArray:
        """Height of the ground, metres."""
        height = np.zeros(x.shape)
        for k in range(WAVELENGTH_M.size):
            height += self._octave(k, x, y, self.strengths[day, k], self.seed[day, k], self.turn[day, k])
        return height

    def cells(
        self, day: int, x: FloatArray, y: FloatArray, wide: float, high: float, near: BoolArray
    ) -> FloatArray:
        """Mean height of cells: 3 by 3 positions in each that is near; NaN elsewhere."""
        rows, cols = np.nonzero(near)
        inside = (np.arange(3) - 1.0) / 3.0
        east = x[cols][:, None, None] + wide * inside[None, None, :]
        north = y[rows][:, None, None] + high * inside[None, :, None]
        east, north = np.broadcast_arrays(east, north)
        height = np.full(near.shape, np.nan)
        height[rows, cols] = self.ground(day, east, north).mean(axis=(1, 2))
        return height

    def _octave(
        self, k: int, x: FloatArray, y: FloatArray, rms: FloatArray, seed: IntArray, turn: FloatArray
    ) -> FloatArray:
        cell = 0.75 * WAVELENGTH_M[k]
        # away from the origin, where all lattices have a node: every day would start on a summit
        u = (np.cos(turn) * x + np.sin(turn) * y) / cell + seed % 9973 / 97.0
        v = (np.cos(turn) * y - np.sin(turn) * x) / cell + seed % 8887 / 89.0
        left, low = np.floor(u), np.floor(v)
        a, b = u - left, v - low
        fade_a, fade_b = (t**3 * (t * (t * 6.0 - 15.0) + 10.0) for t in (a, b))
        corners = [[self._corner(left + i, low + j, a - i, b - j, seed) for i in (0, 1)] for j in (0, 1)]
        rows = [one + fade_a * (other - one) for one, other in corners]
        noise = (rows[0] + fade_b * (rows[1] - rows[0])) / 0.25  # unit variance, about
        if k < 4:
            noise = (0.8 - np.abs(noise)) / 0.6
        return np.asarray(rms * noise)

    @staticmethod
    def _corner(i: FloatArray, j: FloatArray, a: FloatArray, b: FloatArray, seed: IntArray) -> FloatArray:
        mixed = i.astype(np.int64) * 374_761_393 + j.astype(np.int64) * 668_265_263 + seed * 1_274_126_177
        mixed = (mixed ^ (mixed >> 13)) * 1_103_515_245
        mixed = (mixed ^ (mixed >> 16)) & 0xFFFFFF
        angle = mixed * (2.0 * np.pi / 0x1000000)
        return np.asarray(np.cos(angle) * a + np.sin(angle) * b)


def lay_trails(
    terrain: Waves | Lattice, days: int, generator: np.random.Generator, length_m: float
) -> tuple[FloatArray, FloatArray]:
    """Trails that wander, but turn along the slope where it would be too steep: local positions every 10 m.

    Returns
    -------
    x, y : ndarray, shape (days, steps)
        Metres.
    """
    steepest = generator.uniform(0.15, 0.28, days)
    base = generator.uniform(0.0, 2.0 * np.pi, days)
    wander = np.zeros(days)
    x, y = np.zeros((2, days))
    heading = np.stack([np.cos(base), np.sin(base)])
    xs, ys = [x], [y]
    for _ in range(int(length_m / 10.0)):
        wander += -wander * 0.008 + 0.09 * generator.standard_normal(days)
        wanted = base + wander
        east, north = terrain.gradient(x, y)
        steepness = np.hypot(east, north)
        uphill = np.arctan2(north, east)
        away = (wanted - uphill + np.pi) % (2.0 * np.pi) - np.pi
        flat = np.arccos(np.clip(steepest / np.maximum(steepness, 1e-9), 0.0, 1.0))
        # the angle to uphill must lie between flat and pi - flat, or the mirror of that
        turned = np.sign(away) * np.clip(np.abs(away), flat, np.pi - flat)
        aim = np.where(steepness > steepest, uphill + turned, wanted)
        heading = 0.6 * heading + 0.4 * np.stack([np.cos(aim), np.sin(aim)])
        heading /= np.hypot(*heading)
        x, y = x + 10.0 * heading[0], y + 10.0 * heading[1]
        xs.append(x)
        ys.append(y)
    return np.array(xs).T, np.array(ys).T
