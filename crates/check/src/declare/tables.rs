//! Tables: a value for each kind of thing, the most specific row first.
//!
//! Invariant: of two rows that can apply to one thing, one overrides the other or both agree.

use super::super::names::index;
use crate::{
    amount::Amount,
    checker::Checker,
    registry,
    specificity::{Meeting, STEPS},
};
use casus_model::program::{ObjectTest, Table, TableId, TableRow};
use casus_syntax::ast::{ItemKind, Row};

/// Rows of one table.
const ROWS: usize = 1_000;

impl Checker<'_> {
    pub(super) fn tables(&mut self) {
        for (_, declared) in self.each(|kind| match kind {
            ItemKind::Table(declared) => Some(declared),
            _ => None,
        }) {
            let id = TableId(index(self.out.tables.len()));
            if !self.enter(|names| &mut names.tables, &declared.name, id) {
                continue;
            }
            if declared.rows.len() > ROWS {
                let message = format!("`{}` has more than {ROWS} rows", declared.name.text);
                self.tell(&registry::TOO_BIG, declared.name.span, message);
            }
            let mut rows = Vec::new();
            let mut first: Option<Amount> = None;
            for row in declared.rows.iter().take(ROWS) {
                let Some((made, amount)) = self.table_row(row) else { continue };
                let same = first.as_ref().is_none_or(|first| {
                    first.dimension == amount.dimension
                        && (first.dimension.is_some() || first.unit == amount.unit)
                });
                if !same {
                    let expected = first.as_ref().map(Amount::kind).unwrap_or_default();
                    let message = format!("expected {expected} as above, got {}", amount.kind());
                    self.tell(&registry::WRONG_DIMENSION, row.value.span, message);
                }
                first.get_or_insert(amount);
                rows.push((made, row));
            }
            self.compare_rows(&mut rows);
            let rows = rows.into_iter().map(|(row, _)| row).collect();
            self.table_kinds.push(first.map(|amount| (amount.dimension, amount.unit)));
            self.out.tables.push(Table { name: declared.name.text.as_str().into(), rows });
        }
    }

    fn table_row(&mut self, row: &Row) -> Option<(TableRow, Amount)> {
        let category = self.find(|names| &names.categories, &row.kind.category, "a category");
        let tests = self.tests(&row.kind.tests)?;
        let category = category?;
        for ((measure, _), test) in tests.iter().zip(&row.kind.tests) {
            self.must_have(category, *measure, &test.measure);
        }
        let tests = tests.into_iter().map(|(_, test)| test).collect();
        let amount = self.amount(&row.value)?;
        let of = ObjectTest { category, tests };
        Some((TableRow { of, value: amount.value, overrides: Vec::new() }, amount))
    }

    fn compare_rows(&mut self, rows: &mut [(TableRow, &Row)]) {
        let mut overrides: Vec<Vec<usize>> = vec![Vec::new(); rows.len()];
        // All pairs share what a few hundred comparisons may take.
        let mut steps = 300 * STEPS;
        for (at, (one, row)) in rows.iter().enumerate() {
            for (before, (other, _)) in rows.iter().enumerate().take(at) {
                let (winner, loser) = match self.meeting(&one.of, &other.of, &mut steps) {
                    Meeting::Narrower => (at, before),
                    Meeting::Wider => (before, at),
                    Meeting::Apart => continue,
                    Meeting::Same | Meeting::Across if one.value == other.value => continue,
                    Meeting::Same | Meeting::Across => {
                        let message = format!(
                            "row {} and row {} can both apply to one thing, and differ",
                            before + 1,
                            at + 1
                        );
                        let help = "make one of them the more specific, or give both one value";
                        self.tell_help(&registry::TABLE_ROWS, row.span, message, help);
                        continue;
                    }
                };
                if let Some(list) = overrides.get_mut(winner) {
                    list.push(loser);
                }
            }
        }
        for ((row, _), list) in rows.iter_mut().zip(overrides) {
            row.overrides = list;
        }
    }
}
