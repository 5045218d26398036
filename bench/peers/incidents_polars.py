"""When there were too many reports within a day: polars for the counts, shapely for the places."""

import json

import polars as pl

from common import FOLDER, inside, write, zones

DAY = 86_400
table = pl.read_csv(
    FOLDER / "evidence.csv",
    columns=["t", "category", "actor", "lon", "lat"],
    schema_overrides={"t": pl.Int64, "category": pl.Categorical, "actor": pl.Categorical},
)
lon, lat = table["lon"].to_numpy(), table["lat"].to_numpy()


def placed(file):
    """The reports in each zone of a family, by actor and zone and then by time."""
    names, polygons = zones(file)
    points, found = inside(polygons, lon, lat)
    zone = pl.Series("zone", names).gather(found).cast(pl.Categorical)
    return table.select("t", "category", "actor")[points].with_columns(zone).sort("actor", "zone", "t")


families = {name: placed(f"{name}s.geojson") for name in ("sector", "district")}
results = []
for rule in json.loads((FOLDER / "rules.json").read_text()):
    mine = pl.col("category").is_in(rule["kinds"])
    if rule["actors"]:
        mine &= pl.col("actor").is_in(rule["actors"])
    if rule["zone"]:
        mine &= pl.col("zone") == rule["zone"]
    key = ["actor", "zone"]
    stretches = (
        families[rule["family"]]
        .lazy()
        .filter(mine)
        .with_columns(end=pl.col("t").shift(rule["least"] - 1).over(key) + DAY)
        .filter(pl.col("end") > pl.col("t"))
        .with_columns(new=(pl.col("t") > pl.col("end").shift(1).over(key)).fill_null(True))
        .with_columns(stretch=pl.col("new").cum_sum())
        .group_by("stretch")
        .agg(pl.col("actor", "zone").first(), pl.col("t").min(), pl.col("end").max())
        .select(
            pl.lit(rule["label"]).alias("rule"),
            pl.col("actor").cast(pl.String),
            (pl.lit("") if rule["zone"] else pl.col("zone").cast(pl.String)).alias("zone"),
            "t",
            "end",
        )
    )
    results.append(stretches)
write(pl.concat(pl.collect_all(results)).with_columns(pl.col("zone").replace({"": None})))
