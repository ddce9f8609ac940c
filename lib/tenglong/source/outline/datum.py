"""Whether a reference system can be converted, and whether its datum is when it is."""

from collections.abc import Iterable

import pyproj
from pyproj.transformer import TransformerGroup

GEOCENTRIC = 6_378_137.0  # metres, the semi-major axis of CGCS2000, GRS 80 and WGS 84
BALLPARK = "Ballpark"


def can_convert(system: pyproj.CRS, targets: Iterable[object]) -> bool:
    """Tell whether a system is one of the earth, which can be brought into others.

    >>> can_convert(pyproj.CRS("EPSG:2383"), ["EPSG:4490"])
    True
    >>> can_convert(pyproj.CRS('LOCAL_CS["Grid",UNIT["Meter",1.0]]'), ["EPSG:4490"])
    False
    """
    if not (system.is_geographic or system.is_projected):
        return False
    try:
        for target in targets:
            pyproj.Transformer.from_crs(system, target, always_xy=True)
    except pyproj.exceptions.ProjError:
        return False
    return True


def lacks_shift(system: pyproj.CRS, target: object) -> bool:
    """Tell whether only the ellipsoid is changed, because no way between the datums is known.

    Datums on the ellipsoids of CGCS2000, GRS 80 and WGS 84 lie within a metre or two of one
    another, and need none.

    >>> lacks_shift(pyproj.CRS("EPSG:2383"), "EPSG:4549"), lacks_shift(pyproj.CRS(4326), 4549)
    (True, False)
    """
    other = pyproj.CRS.from_user_input(target)
    if all(_is_geocentric(one) for one in (system, other)):
        return False
    group = TransformerGroup(system, other, always_xy=True)
    return not group.transformers or BALLPARK.lower() in group.transformers[0].description.lower()


def _is_geocentric(system: pyproj.CRS) -> bool:
    # One that comes with its own parameters (TOWGS84) is as good as what these lead to.
    hub = system.target_crs or system
    return hub.ellipsoid is not None and hub.ellipsoid.semi_major_metre == GEOCENTRIC
