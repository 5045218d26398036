"""When one actor broke the rule too often in one area within a day: polars."""

import polars as pl

from common import FOLDER, write

key = ["actor", "area"]
table = pl.scan_csv(FOLDER / "evidence.csv", schema_overrides={"actor": pl.Categorical, "area": pl.Categorical})
stretches = (
    table.filter(pl.col("event") == "violation")
    .select("t", *key)
    .sort(*key, "t")
    .with_columns(end=pl.col("t").shift(3).over(key) + 86_400)
    .filter(pl.col("end") > pl.col("t"))
    .with_columns(new=(pl.col("t") > pl.col("end").shift(1).over(key)).fill_null(True))
    .with_columns(stretch=pl.col("new").cum_sum())
    .group_by("stretch")
    .agg(pl.col(*key).first(), pl.col("t").min(), pl.col("end").max())
    .select(*key, "t", "end")
)
write(stretches.collect())
