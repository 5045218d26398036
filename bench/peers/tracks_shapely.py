"""Who stayed inside which fence: polars for the table, shapely for the places."""

import polars as pl

from common import FOLDER, inside, write, zones

names, polygons = zones("fences.geojson")
table = pl.read_csv(
    FOLDER / "evidence.csv", schema={"id": pl.Categorical, "t": pl.Int64, "lon": pl.Float64, "lat": pl.Float64}
)
points, fences = inside(polygons, table["lon"].to_numpy(), table["lat"].to_numpy())
stays = (
    table.select("id", "t")[points]
    .with_columns(fence=pl.Series(fences))
    .sort("id", "fence", "t")
    .with_columns(new=(pl.col("t").diff().over("id", "fence") > 600).fill_null(True))
    .with_columns(stay=pl.col("new").cum_sum())
    .group_by("id", "fence", "stay")
    .agg(first=pl.col("t").min(), last=pl.col("t").max())
    .filter(pl.col("last") - pl.col("first") >= 60)
)
named = pl.DataFrame({"fence": range(len(names)), "name": names}, schema={"fence": pl.Int32, "name": pl.String})
write(stays.join(named, on="fence").select("id", "name", "first", "last"))
