"""When there were too many reports within a day: DuckDB, one query a rule."""

import json
import sys

from common import FOLDER, duckdb, duckdb_zones

connection = duckdb()
for family in ("sector", "district"):
    duckdb_zones(connection, f"{family}s.geojson", f"{family}s")
connection.execute(
    f"""
    CREATE TABLE reports AS
    SELECT * FROM read_csv('{FOLDER / "evidence.csv"}', header = true, columns = {{
        'id': 'VARCHAR', 't': 'BIGINT', 'category': 'VARCHAR', 'actor': 'VARCHAR',
        'lon': 'DOUBLE', 'lat': 'DOUBLE'}})
    """
)
for family in ("sector", "district"):
    connection.execute(
        f"""
        CREATE TABLE in_{family} AS
        SELECT t, category, actor, zone FROM reports
        JOIN {family}s AS z ON ST_Intersects(z.shape, ST_Point(reports.lon, reports.lat))
        """
    )
sys.stdout.flush()


def listed(names):
    return ", ".join(f"'{name}'" for name in names)


queries = []
for rule in json.loads((FOLDER / "rules.json").read_text()):
    mine = f"category IN ({listed(rule['kinds'])})"
    if rule["actors"]:
        mine += f" AND actor IN ({listed(rule['actors'])})"
    if rule["zone"]:
        mine += f" AND zone = '{rule['zone']}'"
    zone = "NULL" if rule["zone"] else "zone"
    connection.execute(
        f"""
        {"CREATE TABLE found AS" if not queries else "INSERT INTO found"}
        WITH ended AS (
            SELECT actor, zone, t, 86400 + lag(t, {rule["least"] - 1}) OVER w AS finish
            FROM in_{rule["family"]} WHERE {mine}
            WINDOW w AS (PARTITION BY actor, zone ORDER BY t)
        ), over AS (
            SELECT *, CASE WHEN t <= lag(finish) OVER w THEN 0 ELSE 1 END AS new
            FROM ended WHERE finish > t
            WINDOW w AS (PARTITION BY actor, zone ORDER BY t, finish)
        ), numbered AS (
            SELECT *, sum(new) OVER (
                PARTITION BY actor, zone ORDER BY t, finish ROWS UNBOUNDED PRECEDING) AS stretch
            FROM over
        )
        SELECT '{rule["label"]}' AS rule, actor, {zone} AS zone, min(t) AS began,
            max(finish) AS finish
        FROM numbered GROUP BY actor, numbered.zone, stretch
        """
    )
    queries.append(rule["label"])
connection.execute("COPY found TO '/dev/stdout' (FORMAT csv, HEADER false)")
