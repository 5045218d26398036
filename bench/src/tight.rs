//! The tight loop: what it costs to read the columns of a file and do nothing with them.
//!
//! Invariant: every number is parsed, and all of them go into what is printed.

use crate::files::told;
use std::path::Path;

/// `tight FILE`: sums the columns `t`, `lon` and `lat`.
///
/// # Errors
/// Where the file is none of the bench's.
pub fn read(arguments: &[String]) -> Result<(), String> {
    let [path] = arguments else { return Err("expected `tight FILE`".to_owned()) };
    let path = Path::new(path);
    let file = std::fs::File::open(path).map_err(|error| told("reading", path, &error))?;
    let mut reader = csv::ReaderBuilder::new().buffer_capacity(1 << 16).from_reader(file);
    let header = reader.headers().map_err(|error| error.to_string())?.clone();
    let column = |name: &str| {
        header.iter().position(|one| one == name).ok_or_else(|| format!("no column `{name}`"))
    };
    let (time, lon, lat) = (column("t")?, column("lon")?, column("lat")?);
    let (mut rows, mut seconds, mut degrees, mut letters) = (0_u64, 0_i64, 0.0_f64, 0_usize);
    let mut row = csv::ByteRecord::new();
    while reader.read_byte_record(&mut row).map_err(|error| error.to_string())? {
        let text = |at: usize| std::str::from_utf8(row.get(at).unwrap_or_default()).unwrap_or("");
        let number = |at: usize| text(at).parse::<f64>().unwrap_or(f64::NAN);
        rows += 1;
        letters += text(0).len();
        seconds = seconds.wrapping_add(text(time).parse().unwrap_or_default());
        degrees += number(lon) + number(lat);
    }
    println!("{rows} rows, {letters}, {seconds}, {degrees}");
    Ok(())
}
