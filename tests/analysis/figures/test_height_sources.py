"""What recorded heights, from heights made as each device makes them; and heights that are none."""

import numpy as np
import pytest

from routes.analysis.figures.clean_heights import cleaned
from routes.analysis.figures.height_sources import HeightSource, recorded_source, source_on_line
from routes.model.kinds import Provenance, Recorder

ALONG = np.arange(0.0, 6000.0, 5.0)
HILLS = 1500.0 + 80.0 * np.sin(ALONG / 600.0) + 0.02 * ALONG


def found(ele, *, along=ALONG, is_timed=True, recorder=Recorder.AUTO):
    return recorded_source(along, ele, is_timed=is_timed, recorder=recorder)


def stepped(ele):
    """Whole metres above a height that is none, as a barometer's changes are written."""
    return np.rint(ele) + 0.4


@pytest.mark.parametrize("every", [1, 2, 5, 10, 20])
def test_steps_of_a_metre_are_a_barometers_however_thinned(every):
    noise = np.random.default_rng(1).normal(0.0, 1.0, ALONG.size)
    assert found(stepped(HILLS + noise)[::every], along=ALONG[::every]) is HeightSource.BAROMETER


def test_smooth_heights_are_a_barometers_or_a_map_services():
    assert found(HILLS) is HeightSource.BAROMETER
    assert found(HILLS[::5], along=ALONG[::5]) is HeightSource.BAROMETER
    assert found(HILLS[::5], along=ALONG[::5], is_timed=False) is HeightSource.MAP


def test_noise_is_a_gps():
    noise = np.random.default_rng(2).normal(0.0, 2.0, ALONG.size)
    assert found(HILLS + noise) is HeightSource.GPS
    assert found(np.rint(HILLS + noise)) is HeightSource.GPS  # whole metres are how the file rounds, no steps


def test_what_somebody_says_counts_more():
    assert found(HILLS, recorder=Recorder.MAP) is HeightSource.MAP
    assert found(HILLS, recorder=Recorder.GPS) is HeightSource.GPS
    assert found(HILLS, recorder=Recorder.BAROMETER) is HeightSource.BAROMETER


def test_hardly_any_heights_and_none_at_all():
    assert found(np.full(ALONG.size, 1200.0)) is HeightSource.BAROMETER
    assert found(np.full(ALONG.size, np.nan)) is HeightSource.BAROMETER


def test_each_line_has_its_source():
    kinds = {source_on_line(provenance) for provenance in Provenance}
    assert kinds == {HeightSource.DEM_RECORDED, HeightSource.DEM_OSM, HeightSource.DEM_MODELLED}
    assert not any(kind.is_recorded for kind in kinds)
    assert {kind.smoothing_m for kind in kinds} == {40.0}


def test_sound_heights_stay():
    height, notes = cleaned(ALONG, HILLS)
    assert (height == HILLS).all()
    assert notes == ()


def test_void_codes_are_no_heights_and_are_counted():
    ele = HILLS.copy()
    ele[[300, 301, 700]] = -32768.0
    height, (note,) = cleaned(ALONG, ele)
    assert np.flatnonzero(np.isnan(height)).tolist() == [300, 301, 700]
    assert note == "3 void codes instead of a height in the recorded line, the first at 1.5 km: ignored."


def test_zeros_count_by_the_sea_and_not_on_a_mountain():
    ele = HILLS.copy()
    ele[:10] = 0.0
    height, (note,) = cleaned(ALONG, ele)
    assert (height[:10] == HILLS[10]).all()
    assert note.startswith("10 heights of 0, far from all others")
    coast = np.maximum(HILLS - 1500.0, 0.0)
    assert (cleaned(ALONG, coast)[0] == coast).all()


@pytest.mark.parametrize("at", [slice(0, 1), slice(0, 5), slice(-1, None), slice(-4, None)])
def test_wrong_heights_at_an_end_are_levelled(at):
    ele = HILLS.copy()
    ele[at] += 400.0
    height, notes = cleaned(ALONG, ele)
    good = HILLS[at.stop] if at.start == 0 else HILLS[at.start - 1]
    assert height[at] == pytest.approx(good)
    assert "wrong height" in notes[0]


def test_a_new_setting_of_the_device_is_no_climb():
    ele = HILLS.copy()
    ele[600:] += 120.0
    height, (note,) = cleaned(ALONG, ele)
    assert np.abs(height - HILLS).max() < 1.0
    assert note == "1 jump in height too steep to walk in the recorded line, at 3.0 km: levelled."
