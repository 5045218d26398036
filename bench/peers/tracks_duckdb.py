"""Who stayed inside which fence: DuckDB with its spatial join."""

from common import FOLDER, duckdb, duckdb_zones

connection = duckdb()
duckdb_zones(connection, "fences.geojson", "fences")
connection.execute(
    f"""
    COPY (
        WITH held AS (
            SELECT id, zone, t
            FROM read_csv('{FOLDER / "evidence.csv"}', header = true, columns = {{
                'id': 'VARCHAR', 't': 'BIGINT', 'lon': 'DOUBLE', 'lat': 'DOUBLE'}}) AS position
            JOIN fences ON ST_Intersects(fences.shape, ST_Point(position.lon, position.lat))
        ), stepped AS (
            SELECT *, t - lag(t) OVER (PARTITION BY id, zone ORDER BY t) AS pause FROM held
        ), numbered AS (
            SELECT *, sum(CASE WHEN pause <= 600 THEN 0 ELSE 1 END)
                OVER (PARTITION BY id, zone ORDER BY t ROWS UNBOUNDED PRECEDING) AS stay
            FROM stepped
        )
        SELECT id, zone, min(t) AS first, max(t) AS last
        FROM numbered GROUP BY id, zone, stay HAVING max(t) - min(t) >= 60
    ) TO '/dev/stdout' (FORMAT csv, HEADER false)
    """
)
