//! Diagnostics of annex files: shapes, lists and tables.
//!
//! Invariant: codes C030 to C049.

use super::{Code, Example, code, names::SQUARE};

pub(super) const ALL: &[&Code] = &[
    &FILE_UNREADABLE,
    &NOT_GEOJSON,
    &NOT_WGS84,
    &RING_BAD,
    &RING_OPEN,
    &RING_CROSSES,
    &ANTIMERIDIAN,
    &NO_FEATURE,
    &NO_SHAPE,
    &TOO_BIG,
    &LIST_BAD,
    &ZONE_HEIGHTS,
    &ZONE_BUFFER,
    &TABLE_ROWS,
    &SHAPES_LEFT,
    &LINE_VERSION,
    &LINE_SIDES,
];

const ZONE: &str = r#"
zone Security from area.geojson
party RU
act fire
1 RU must not fire
    in Security
"#;
const LINE: &str = r#"
line Contact from area.geojson
party RU
act fire
1 RU must not fire
    within 5 km from Contact
"#;

const fn zone(content: &'static str) -> Example {
    Example::with(ZONE, "area.geojson", content)
}

code!(FILE_UNREADABLE "C030" Error false, "an annex file that cannot be read",
    "The file must lie in the agreement's folder, under the name that the text gives it. An \
     agreement is its text and the files of its own folder; nothing else is ever read.",
    raises Example::text("zone Security from missing.geojson\n"),
    passes zone(SQUARE));
code!(NOT_GEOJSON "C032" Error false, "a file that is no GeoJSON",
    "Lines and zones come from GeoJSON files (RFC 7946).",
    raises zone("a; b; c"),
    passes zone(SQUARE));
code!(NOT_WGS84 "C033" Error false, "coordinates that are not WGS 84",
    "GeoJSON holds longitude and latitude in WGS 84 degrees, the longitude first. Coordinates \
     in metres come from another reference system; export the file again.",
    raises zone(r#"
{"type": "Polygon",
  "coordinates": [[[3339584, 6446275], [3450904, 6446275], [3450904, 6621293], [3339584, 6446275]]]}
"#),
    passes zone(SQUARE));
code!(RING_BAD "C034" Error false, "a ring that encloses no area",
    "A polygon's ring has at least four positions, the last of them the first again, and an \
     area between them; its holes lie inside it. A line has at least two positions.",
    raises zone(r#"
{"type": "Polygon", "coordinates": [[[30, 50], [31, 51], [30, 50]]]}
"#),
    passes zone(SQUARE));
code!(RING_OPEN "C035" Warning false, "a ring that does not end where it began",
    "The first position of a ring is repeated at its end. Where it is not, the ring is closed \
     by a straight edge.",
    raises zone(r#"
{"type": "Polygon", "coordinates": [[[30, 50], [31, 50], [31, 51], [30, 51]]]}
"#),
    passes zone(SQUARE));
code!(RING_CROSSES "C036" Error false, "a ring that crosses itself",
    "Of a ring that crosses itself nobody can say which part is inside. It is not repaired \
     here, because a repair would decide it.",
    raises zone(r#"
{"type": "Polygon",
  "coordinates": [[[30, 50], [31, 51], [31, 50], [30, 51.5], [30, 50]]]}
"#),
    passes zone(SQUARE));
code!(ANTIMERIDIAN "C037" Error false, "a shape across the antimeridian",
    "An edge that spans more than 180 degrees of longitude would go around the wrong side of \
     the globe. Cut the shape in two at longitude 180.",
    raises zone(r#"
{"type": "Polygon",
  "coordinates": [[[179, 50], [-179, 50], [-179, 51], [179, 51], [179, 50]]]}
"#),
    passes zone(SQUARE));
code!(NO_FEATURE "C038" Error false, "a feature that the file does not have",
    "`feature` names a feature by its id or by one of its properties.",
    raises Example::with(r#"
zone Security from area.geojson feature "Eest"
"#, "area.geojson", EAST),
    passes Example::with(r#"
zone Security from area.geojson feature "East"
party RU
act fire
1 RU must not fire
    in Security
"#, "area.geojson", EAST));
code!(NO_SHAPE "C039" Error false, "no shape of the kind that is needed",
    "A zone needs polygons, a line needs lines. A zone around a line is written `within 15 km \
     of LINE`.",
    raises zone(r#"
{"type": "LineString", "coordinates": [[30, 50], [31, 51]]}
"#),
    passes Example::with(LINE, "area.geojson",
        "{\"type\": \"LineString\", \"coordinates\": [[30, 50], [31, 51]]}"));
code!(TOO_BIG "C040" Error false, "an annex file that is too big",
    "A file has at most 64 MiB, 20000 features, one million vertices and 100000 rows. Simplify \
     the shapes: a legal line needs few vertices.",
    raises Example::with(ZONE, "area.geojson", "(a file of more than 64 MiB)"),
    passes zone(SQUARE));
code!(LIST_BAD "C041" Error false, "a list whose file cannot be used",
    "A list is a CSV file with a heading row: `item`, then where wanted `category` and `party`, \
     then one column for each measure. Every row names its item.",
    raises Example::with(r#"
category tank
list Inventory of tank from list.csv
"#, "list.csv",
        "item,colour\nhull 1,green\n"),
    passes Example::with(r#"
category tank
tank has weight in t
list Inventory of tank from list.csv
"#, "list.csv", "item,weight\nhull 1,41\n"));
code!(ZONE_HEIGHTS "C042" Error false, "zones of different heights in one zone",
    "A zone has one floor and one ceiling. Zones that differ in theirs cannot be joined or cut; \
     declare the joined area first and give it heights then.",
    raises Example::with(r#"
zone Low from area.geojson, below 3000 m
zone Both is Low and from area.geojson
"#, "area.geojson", SQUARE),
    passes Example::with(r#"
zone Both from area.geojson, below 3000 m
party RU
act fire
1 RU must not fire
    in Both
"#, "area.geojson", SQUARE));
code!(ZONE_BUFFER "C043" Error false, "nothing to measure the distance from",
    "`within 5 km of` needs a line for everybody, or a zone that nothing was cut from.",
    raises Example::with(r#"
party RU
line Contact of RU from area.geojson
zone Near within 5 km of Contact
"#, "area.geojson",
        "{\"type\": \"LineString\", \"coordinates\": [[30, 50], [31, 51]]}"),
    passes Example::with(LINE, "area.geojson",
        "{\"type\": \"LineString\", \"coordinates\": [[30, 50], [31, 51]]}"));
code!(TABLE_ROWS "C044" Error false, "two rows of a table that disagree",
    "The most specific row wins. Two rows that can both apply to one thing, neither of them the \
     more specific, must give the same value.",
    raises Example::text(r#"
category weapon is gun, rocket
gun has calibre in mm
gun has weight in t
table Distance of category
    gun with calibre at least 100 mm 25 km
    gun with weight at least 5 t 30 km
"#),
    passes Example::text(r#"
category weapon is gun, rocket
gun has calibre in mm
table Distance of category
    gun with calibre at least 100 mm 25 km
    gun 10 km
"#));
code!(SHAPES_LEFT "C045" Warning false, "shapes of a file that were left out",
    "A zone takes the polygons of a file, a line takes its lines. Where a file holds both, say \
     which feature is meant.",
    raises zone(r#"
{"type": "GeometryCollection", "geometries": [{"type": "Point",
  "coordinates": [30, 50]}, {"type": "Polygon",
  "coordinates": [[[30, 50], [31, 50], [31, 51], [30, 51], [30, 50]]]}]}
"#),
    passes zone(SQUARE));

const EAST: &str = r#"
{"type": "FeatureCollection", "features": [
  {"type": "Feature", "properties": {"name": "East"}, "geometry":
    {"type": "Polygon", "coordinates": [[[30, 50], [31, 50], [31, 51], [30, 51], [30, 50]]]}}
]}
"#;
code!(LINE_VERSION "C046" Error false, "versions of a line out of order",
    "The line that stands first holds from the beginning; each version below it says from when on \
     it takes its place, later than the one before.",
    raises Example::with(r#"
line Contact from area.geojson, from 2026-03-01
party RU
act fire
1 RU must not fire
    within 5 km from Contact
"#, "area.geojson",
        "{\"type\": \"LineString\", \"coordinates\": [[30, 50], [31, 51]]}"),
    passes Example::with(r#"
line Contact from area.geojson
line Contact from area.geojson, from 2026-03-01
party RU
act fire
1 RU must not fire
    within 5 km from Contact
"#, "area.geojson",
        "{\"type\": \"LineString\", \"coordinates\": [[30, 50], [31, 51]]}"));
code!(LINE_SIDES "C047" Error false, "a side that the line does not have",
    "A line has the sides that its declaration names: the left one first, as it is drawn.",
    raises Example::with(r#"
line Contact from area.geojson, with sides West Side, East Side
line Border from area.geojson, with sides Home Side, Far Side
zone Strip within 5 km of Contact on Home Side
party RU
act fire
1 RU must not fire
    in Strip
"#, "area.geojson",
        "{\"type\": \"LineString\", \"coordinates\": [[30, 50], [31, 51]]}"),
    passes Example::with(r#"
line Contact from area.geojson, with sides West Side, East Side
zone Strip within 5 km of Contact on East Side
party RU
act fire
1 RU must not fire
    in Strip
"#, "area.geojson",
        "{\"type\": \"LineString\", \"coordinates\": [[30, 50], [31, 51]]}"));
