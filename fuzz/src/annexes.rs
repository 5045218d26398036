//! Annex files for any agreement, made up from what its text asks for.
//!
//! Invariant: the same text has the same files, and none is read from a disk.

use casus_check::Annexes;

/// Features of a map at most.
const FEATURES: usize = 32;

/// One list and one map, under whatever names the text calls them.
pub struct MadeUp {
    map: String,
}

impl MadeUp {
    /// A map that holds every feature that the declarations of this text name.
    pub fn of(source: &str) -> MadeUp {
        let declared = |line: &'static str| move |text: &&str| text.trim_start().starts_with(line);
        let quoted = |text: &str| text.split('"').nth(1).unwrap_or_default().to_owned();
        let zones = source.lines().filter(declared("zone")).map(|line| (quoted(line), "Polygon"));
        let lines =
            source.lines().filter(declared("line ")).map(|line| (quoted(line), "LineString"));
        let named = zones.chain(lines).filter(|(name, _)| plain(name)).take(FEATURES);
        let mut map = r#"{"type":"FeatureCollection","features":["#.to_owned();
        for (at, (name, kind)) in named.enumerate() {
            let (west, south) = (8.0 + at as f64 * 0.75, 47.0);
            let (east, north) = (west + 1.0, south + 1.0);
            let corners = [(west, south), (east, south), (east, north), (west, north)];
            let ring: Vec<String> = corners
                .iter()
                .chain(corners.first())
                .map(|(lon, lat)| format!("[{lon},{lat}]"))
                .collect();
            let ring = ring.join(",");
            let path = if kind == "Polygon" { format!("[[{ring}]]") } else { format!("[{ring}]") };
            let comma = if at > 0 { "," } else { "" };
            let geometry = format!(r#""geometry":{{"type":"{kind}","coordinates":{path}}}"#);
            let properties = format!(r#""properties":{{"name":"{name}"}}"#);
            map.push_str(&format!(r#"{comma}{{"type":"Feature",{properties},{geometry}}}"#));
        }
        map.push_str("]}");
        MadeUp { map }
    }
}

/// Whether a name can stand in JSON as it is.
fn plain(name: &str) -> bool {
    !name.is_empty() && !name.contains(|sign: char| sign == '\\' || sign.is_control())
}

impl Annexes for MadeUp {
    fn read(&self, name: &str) -> Result<Vec<u8>, String> {
        let text = if name.ends_with(".csv") { "item\nFirst\nSecond\n" } else { &self.map };
        Ok(text.as_bytes().to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_named_is_on_the_map() {
        let text = "line Contact from a.geojson feature \"contact\"\n\
                    zone North from b.geojson feature \"north\"\nzone Both is North and South\n";
        let map = MadeUp::of(text).map;
        assert!(map.contains(r#""name":"contact"},"geometry":{"type":"LineString"#), "{map}");
        assert!(map.contains(r#""name":"north"},"geometry":{"type":"Polygon"#), "{map}");
        assert_eq!(map.matches("Feature\"").count(), 2, "{map}");
    }
}
