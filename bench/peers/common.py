"""What the peers share: the zones, the points in them, and DuckDB with its spatial extension."""

import json
import pathlib
import sys

FOLDER = pathlib.Path(sys.argv[1])


def zones(file):
    """Names and polygons of a GeoJSON file."""
    import numpy as np
    import shapely

    features = json.loads((FOLDER / file).read_text())["features"]
    names = [feature["properties"]["name"] for feature in features]
    polygons = [shapely.polygons(feature["geometry"]["coordinates"][0]) for feature in features]
    return names, np.array(polygons)


def inside(polygons, lon, lat):
    """Indices of points and of polygons that hold them, edges included.

    Points are sorted by longitude once; of each polygon only those in its box are looked at, by a
    prepared polygon.
    """
    import numpy as np
    import shapely

    order = np.argsort(lon)
    east = lon[order]
    shapely.prepare(polygons)
    points, found = [], []
    for at, polygon in enumerate(polygons):
        west, south, last, north = polygon.bounds
        near = order[np.searchsorted(east, west, "left") : np.searchsorted(east, last, "right")]
        near = near[(lat[near] >= south) & (lat[near] <= north)]
        held = near[shapely.intersects_xy(polygon, lon[near], lat[near])]
        points.append(held)
        found.append(np.full(len(held), at, dtype=np.int32))
    return np.concatenate(points), np.concatenate(found)


def duckdb():
    """A connection that knows the spatial functions."""
    import duckdb as library
    import duckdb_extension_spatial as package

    (extension,) = pathlib.Path(package.__file__).parent.rglob("*.duckdb_extension")
    connection = library.connect()
    connection.execute(f"LOAD '{extension}'")
    return connection


def duckdb_zones(connection, file, table):
    """The zones of a GeoJSON file as a table of DuckDB."""
    connection.execute(
        f"""
        CREATE TABLE {table} AS
        SELECT feature.properties.name AS zone, ST_GeomFromGeoJSON(feature.geometry) AS shape
        FROM (
            SELECT unnest(features) AS feature
            FROM read_json('{FOLDER / file}', maximum_object_size = 1000000000, columns = {{
                features: 'STRUCT(properties STRUCT(name VARCHAR), geometry JSON)[]'}})
        )
        """
    )


def write(frame):
    """Writes a frame of polars as rows without a header."""
    frame.write_csv(sys.stdout.buffer, include_header=False)
