"""Who did something that was not announced within a day before: polars."""

import polars as pl

from common import FOLDER, write

key = ["actor", "area"]
table = pl.scan_csv(FOLDER / "evidence.csv", schema_overrides={"actor": pl.Categorical, "area": pl.Categorical})
deeds = table.filter(pl.col("event") == "deed").select("t", *key).sort("t")
notices = table.filter(pl.col("event") == "notice").select("t", *key, announced="t").sort("t")
joined = deeds.join_asof(notices, on="t", by=key, strategy="backward", tolerance=86_400, check_sortedness=False)
write(joined.filter(pl.col("announced").is_null()).select(*key, "t").collect())
