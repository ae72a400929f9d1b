"""What somebody on foot may walk, by the tags of OpenStreetMap."""

import pytest

from routes.model.network import WayKind, is_hard_going, way_kind


@pytest.mark.parametrize(
    ("tags", "kind"),
    [
        ({"highway": "path"}, WayKind.PATH),
        ({"highway": "track", "tracktype": "grade5"}, WayKind.PATH),
        ({"highway": "steps"}, WayKind.PATH),
        ({"highway": "via_ferrata"}, WayKind.PATH),
        ({"highway": "unclassified"}, WayKind.STREET),
        ({"highway": "cycleway"}, WayKind.STREET),
        ({"highway": "secondary_link"}, WayKind.ROAD),
        ({"highway": "trunk"}, WayKind.ROAD),
        ({"highway": "trunk", "motorroad": "yes"}, None),
        ({"highway": "trunk", "motorroad": "no"}, WayKind.ROAD),
        ({"highway": "trunk", "motorroad": "yes", "foot": "yes"}, WayKind.ROAD),
        ({"highway": "motorway"}, None),
        ({"highway": "motorway", "foot": "yes"}, None),
        ({"highway": "construction", "construction": "path"}, None),
        ({"highway": "proposed"}, None),
        ({"highway": "raceway"}, None),
        ({"highway": ""}, None),
        ({"waterway": "river"}, None),
        ({}, None),
        ({"highway": "path", "access": "no"}, None),
        ({"highway": "path", "access": "private"}, None),
        ({"highway": "path", "access": "permissive"}, WayKind.PATH),
        ({"highway": "track", "access": "private", "foot": "permissive"}, WayKind.PATH),
        ({"highway": "track", "access": "no", "foot": "designated"}, WayKind.PATH),
        ({"highway": "path", "access": "yes", "foot": "no"}, None),
        ({"highway": "primary", "foot": "use_sidepath"}, None),
        ({"highway": "path", "foot": "private"}, None),
    ],
)
def test_kind_of_a_way(tags, kind):
    assert way_kind(tags) is kind


@pytest.mark.parametrize(
    ("tags", "is_hard"),
    [
        ({"highway": "path"}, False),
        ({"highway": "path", "sac_scale": "alpine_hiking"}, False),
        ({"highway": "path", "sac_scale": "demanding_alpine_hiking"}, True),
        ({"highway": "path", "sac_scale": "difficult_alpine_hiking"}, True),
        ({"highway": "path", "trail_visibility": "intermediate"}, False),
        ({"highway": "path", "trail_visibility": "horrible"}, True),
        ({"highway": "via_ferrata"}, True),
    ],
)
def test_hard_going(tags, is_hard):
    assert is_hard_going(tags) is is_hard
