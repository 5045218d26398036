//! The tables: for the screen, and as Markdown.
//!
//! Invariant: every number was measured in this run.

use crate::{machine, measure::Cost, options::Options};
use std::fmt::Write;

/// What one program needed.
#[derive(Debug)]
pub struct Row {
    /// Who.
    pub who: String,
    /// One for each run.
    pub costs: Vec<Cost>,
    /// How many records were read in each.
    pub records: u64,
}

/// One workload.
#[derive(Debug)]
pub struct Table {
    /// What it is.
    pub title: String,
    /// In a sentence: sizes and what was found.
    pub told: String,
    /// The first one is what the others are compared with.
    pub rows: Vec<Row>,
    /// What the comparison is called.
    pub ratio: &'static str,
}

/// All of them.
#[derive(Debug)]
pub struct Page {
    head: String,
    tables: Vec<Table>,
}

/// What a comparison with Casus is called.
pub const TO_CASUS: &str = "times Casus";

impl Page {
    /// Without a table yet.
    pub fn new(options: &Options) -> Page {
        let command = format!("cargo xtask bench {}", options.given);
        let head = format!("`{}`, on {}", command.trim(), machine::told());
        Page { head, tables: Vec::new() }
    }

    /// One table more.
    pub fn push(&mut self, table: Table) {
        self.tables.push(table);
    }

    /// For the screen.
    pub fn text(&self) -> String {
        let mut text = format!("{}\n", self.head);
        for table in &self.tables {
            let _ = writeln!(text, "\n{}: {}", table.title, table.told);
            for cells in table.cells() {
                let [first, rest @ ..] = cells;
                let _ = write!(text, "  {first:<28}");
                for cell in rest {
                    let _ = write!(text, "{cell:>24}");
                }
                text.push('\n');
            }
        }
        text
    }

    /// For a page of the manual.
    pub fn markdown(&self) -> String {
        let mut text = format!("Measured by {}.\n", self.head);
        for table in &self.tables {
            let _ = writeln!(text, "\n### {}\n\n{}\n", table.title, table.told);
            for (at, cells) in table.cells().iter().enumerate() {
                let _ = writeln!(text, "| {} |", cells.join(" | "));
                if at == 0 {
                    text.push_str("|---|--:|--:|--:|--:|--:|\n");
                }
            }
        }
        text
    }
}

impl Table {
    fn cells(&self) -> Vec<[String; 6]> {
        let middle = |row: &Row, of: fn(&Cost) -> f64| {
            let mut all: Vec<f64> = row.costs.iter().map(of).collect();
            all.sort_by(f64::total_cmp);
            all.get(all.len() / 2).copied().unwrap_or_default()
        };
        let each_us =
            |row: &Row| middle(row, |cost| cost.processor_s) * 1e6 / row.records.max(1) as f64;
        let first_us = self.rows.first().map_or(1.0, each_us).max(1e-9);
        let line = |row: &Row| {
            let cost_s = middle(row, |cost| cost.processor_s);
            [
                row.who.clone(),
                format!("{cost_s:.2}"),
                format!("{:.2}", each_us(row)),
                format!("{:.2}", middle(row, |cost| cost.wall_s)),
                format!("{:.0}", middle(row, |cost| cost.memory_mib)),
                format!("{:.2}", each_us(row) / first_us),
            ]
        };
        let columns = ["", "processor, s", "a record, µs", "wall, s", "memory, MiB", self.ratio];
        [columns.map(str::to_owned)].into_iter().chain(self.rows.iter().map(line)).collect()
    }
}
