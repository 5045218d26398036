//! Lists of items, written out or from a CSV file.
//!
//! Invariant: an item's measures are in base units, and its category stands below the list's.

use super::super::names::index;
use crate::{checker::Checker, registry, suggest};
use casus_model::{
    program::{ActorId, CategoryId, List, ListId, ListItem},
    quantity::unit,
};
use casus_syntax::ast::{ItemKind, ListItems, Text};
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};

/// Rows of one file.
const ROWS: usize = 100_000;

/// Bad rows of one file that are told.
const BAD_ROWS: u32 = 20;

/// What a column of the file holds.
enum Column {
    Item,
    Category,
    Party,
    Measure(usize),
}

impl Checker<'_> {
    pub(super) fn lists(&mut self) {
        for (_, declared) in self.each(|kind| match kind {
            ItemKind::List(declared) => Some(declared),
            _ => None,
        }) {
            let of = self.find(|names| &names.categories, &declared.of, "a category");
            let id = ListId(index(self.out.lists.len()));
            if !self.enter(|names| &mut names.lists, &declared.name, id) {
                continue;
            }
            let items = match (&declared.items, of) {
                (ListItems::Named(names), of) => {
                    let mut items = Vec::with_capacity(names.len());
                    let mut seen = BTreeSet::new();
                    for name in names {
                        if !seen.insert(&name.text) {
                            self.twice(name, name.span);
                            continue;
                        }
                        items.push(ListItem {
                            item: name.text.as_str().into(),
                            category: of,
                            party: None,
                            measures: Vec::new(),
                        });
                    }
                    items
                }
                (ListItems::File(file), Some(of)) => self.rows(file, of),
                (ListItems::File(_), None) => Vec::new(),
            };
            self.list_of.push(of);
            self.out.lists.push(List { name: declared.name.text.as_str().into(), items });
        }
    }

    fn bad_list(&mut self, file: &Text, message: String) {
        self.tell(&registry::LIST_BAD, file.span, format!("`{}`: {message}", file.text));
    }

    fn rows(&mut self, file: &Text, of: CategoryId) -> Vec<ListItem> {
        let Some(bytes) = self.files.bytes(file, &mut self.sink) else { return Vec::new() };
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes);
        let heading: Vec<String> = match reader.headers() {
            Ok(row) => row.iter().map(str::to_owned).collect(),
            Err(why) => {
                self.bad_list(file, fault(&why));
                return Vec::new();
            }
        };
        let Some(columns) = self.columns(file, &heading) else { return Vec::new() };
        let mut items = Vec::new();
        let mut bad = 0;
        let mut seen = BTreeSet::new();
        let mut categories = BTreeMap::new();
        for (at, row) in reader.records().enumerate() {
            let number = at + 2;
            let row = match row {
                Ok(row) if at < ROWS => row,
                Ok(_) => {
                    let message = format!("`{}` has more than {ROWS} rows", file.text);
                    self.tell(&registry::TOO_BIG, file.span, message);
                    break;
                }
                Err(why) => {
                    self.bad_list(file, fault(&why));
                    break;
                }
            };
            let Some(item) = self.row(file, number, &columns, &row, of, &mut categories) else {
                bad += 1;
                if bad < BAD_ROWS {
                    continue;
                }
                self.bad_list(file, format!("row {number}: too many bad rows, the rest is left"));
                break;
            };
            if seen.insert((item.item.clone(), item.party)) {
                items.push(item);
            } else {
                self.bad_list(file, format!("row {number}: item `{}` again", item.item));
            }
        }
        items
    }

    fn columns(&mut self, file: &Text, heading: &[String]) -> Option<Vec<Column>> {
        let mut columns = Vec::with_capacity(heading.len());
        for name in heading {
            columns.push(match name.as_str() {
                "item" => Column::Item,
                "category" => Column::Category,
                "party" => Column::Party,
                other => match self.names.measures.get(other) {
                    Some(entry) => Column::Measure(entry.id),
                    None => {
                        let known = self.names.measures.keys().map(String::as_str);
                        let known = ["item", "category", "party"].into_iter().chain(known);
                        let close = suggest::closest(other, known)
                            .map_or(String::new(), |name| format!("; did you mean `{name}`?"));
                        let message = format!(
                            "the column `{other}` is no `item`, `category`, `party` or measure\
                             {close}"
                        );
                        self.bad_list(file, message);
                        return None;
                    }
                },
            });
        }
        let twice = heading
            .iter()
            .enumerate()
            .find(|(at, name)| heading.iter().take(*at).any(|one| one == *name));
        if let Some((_, name)) = twice {
            self.bad_list(file, format!("the column `{name}` stands twice"));
            return None;
        }
        if !columns.iter().any(|column| matches!(column, Column::Item)) {
            self.bad_list(file, "there is no column `item`".to_owned());
            return None;
        }
        Some(columns)
    }

    fn row(
        &mut self,
        file: &Text,
        number: usize,
        columns: &[Column],
        row: &csv::StringRecord,
        of: CategoryId,
        categories: &mut BTreeMap<String, Option<CategoryId>>,
    ) -> Option<ListItem> {
        let mut out =
            ListItem { item: "".into(), category: Some(of), party: None, measures: Vec::new() };
        for (column, cell) in columns.iter().zip(row.iter()) {
            match column {
                Column::Item if cell.is_empty() => {
                    self.bad_list(file, format!("row {number}: the item has no name"));
                    return None;
                }
                Column::Item => out.item = cell.into(),
                _ if cell.is_empty() => {}
                Column::Category => {
                    let known = match categories.get(cell) {
                        Some(known) => *known,
                        None => {
                            let found = self.row_category(file, number, cell, of);
                            categories.insert(cell.to_owned(), found);
                            found
                        }
                    };
                    out.category = Some(known?);
                }
                Column::Party => out.party = Some(self.row_party(file, number, cell)?),
                Column::Measure(at) => {
                    let value = self.row_measure(file, number, *at, cell)?;
                    out.measures.push((self.measure(*at)?.name.clone(), value));
                }
            }
        }
        Some(out)
    }

    fn row_category(
        &mut self,
        file: &Text,
        number: usize,
        cell: &str,
        of: CategoryId,
    ) -> Option<CategoryId> {
        let Some(id) = self.names.categories.get(cell).map(|entry| entry.id) else {
            let known = self.names.categories.keys().map(String::as_str);
            let close = suggest::closest(cell, known)
                .map_or(String::new(), |name| format!("; did you mean `{name}`?"));
            self.bad_list(file, format!("row {number}: `{cell}` is no declared category{close}"));
            return None;
        };
        if !self.is_below(id, of) {
            let list_of = self.out.categories.get(of.index()).map(|one| one.name.clone());
            let list_of = list_of.unwrap_or_else(|| "".into());
            self.bad_list(file, format!("row {number}: `{cell}` is no kind of `{list_of}`"));
            return None;
        }
        Some(id)
    }

    fn row_party(&mut self, file: &Text, number: usize, cell: &str) -> Option<ActorId> {
        let found = self.names.actors.get(cell).map(|entry| entry.id);
        if found.is_none() {
            self.bad_list(file, format!("row {number}: `{cell}` is no declared party"));
        }
        found
    }

    /// A number, with its unit or in the unit that the measure was declared in.
    fn row_measure(
        &mut self,
        file: &Text,
        number: usize,
        at: usize,
        cell: &str,
    ) -> Option<Decimal> {
        let measure = self.measure(at)?.clone();
        let (digits, symbol) = cell.split_once(' ').unwrap_or((cell, &measure.unit));
        let size = match unit(symbol.trim()) {
            Some((dimension, size)) if Some(dimension) == measure.dimension => Some(size),
            None if *symbol == *measure.unit => Some(Decimal::ONE),
            _ => None,
        };
        let value = Decimal::from_str_exact(digits).ok();
        let value = value.zip(size).and_then(|(value, size)| value.checked_mul(size));
        if value.is_none() {
            let unit = if measure.unit.is_empty() { "without a unit" } else { &measure.unit };
            let message = format!(
                "row {number}: `{cell}` is no `{}`, expected a number {unit}",
                measure.name
            );
            self.bad_list(file, message);
        }
        value
    }
}

/// What is wrong with the file, with its row.
fn fault(why: &csv::Error) -> String {
    let line = why.position().map_or(1, csv::Position::line);
    match why.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("row {line}: {len} cells, expected {expected_len}")
        }
        csv::ErrorKind::Utf8 { .. } => format!("row {line}: not UTF-8"),
        _ => format!("row {line}: {why}"),
    }
}
