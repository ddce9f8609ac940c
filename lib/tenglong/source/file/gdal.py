"""GDAL held to the formats that are read: no other driver, no network, no file beside.

GDAL tries every driver on every file, and some look for their mark anywhere in it: a VRT or a WFS
in a text of a GeoJSON, or behind the first bytes of a FlatGeobuf, is opened as what it is and reads
or fetches what it names. So all drivers but ours are taken out of this process.
"""

import pyogrio

from tenglong.errors import TenglongError

DRIVERS = frozenset({"ESRI Shapefile", "FlatGeobuf", "GPKG", "GeoJSON", "OpenFileGDB"})
HELD = {
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none",  # should a driver ask for an address
    "GDAL_HTTP_MAX_RETRY": "0",
    "OGR_SQLITE_ALLOW_EXTERNAL_ACCESS": "NO",  # of functions in the views of a GeoPackage
}


def hold_gdal() -> None:
    """Leave GDAL the drivers of the formats that are read, for as long as this process lives.

    Raises
    ------
    TenglongError
        If it has others nevertheless.
    """
    others = set(pyogrio.list_drivers()) - DRIVERS
    if not others:
        return
    pyogrio.set_gdal_config_options({**HELD, "GDAL_SKIP": ",".join(sorted(others))})
    # As pyogrio does when it is imported: GDAL then leaves out what is to be skipped.
    pyogrio.core._register_drivers()  # noqa: SLF001 - nothing public does
    left = set(pyogrio.list_drivers()) - DRIVERS
    if left:
        raise TenglongError(f"GDAL cannot be held to its drivers: {', '.join(sorted(left))}")
