//! Reads items: which one it is, and what it declares.
//!
//! Invariant: the first word of an item decides what it is.

use super::{Parser, Read, Stop};
use crate::ast::{
    ActCases, ActDeclaration, Agreement, Answers, Area, CategoryDeclaration, DefenceDeclaration,
    Facet, FamilyDeclaration, FamilyMembers, FileShape, Group, HasMeasure, Instrument, ItemKind,
    Kind, Kinded, Kinds, LineDeclaration, ListDeclaration, ListItems, MeasureDeclaration, Office,
    ParameterDeclaration, ParameterValue, Parties, Piece, Row, Standing, TableDeclaration, Term,
    ZoneDeclaration,
};
use crate::diagnostic::Diagnostic;
use crate::lexeme::{ACT, ACTOR, Terminal};

const CATEGORY: Kinds = Kinds::of(&[Kind::Category]);

impl Parser<'_> {
    /// Reads a whole item of a `casus` block.
    pub fn item(&mut self) -> ItemKind {
        if let Some(first) = self.word(0).filter(|first| !first.edge) {
            let message = "the indented line belongs to no item";
            let help = "an item begins at the left edge of its block";
            self.told.push(Diagnostic::error("S025", first.span, message).help(help));
            self.damaged = true;
            return ItemKind::Broken;
        }
        match self.head() {
            Ok(item) => item,
            Err(Stop) => {
                self.recover();
                ItemKind::Broken
            }
        }
    }

    fn head(&mut self) -> Read<ItemKind> {
        if self.sees_terminal(Terminal::Label) {
            return self.labelled();
        }
        if self.sees("amend") || self.sees("reading") {
            return self.worded();
        }
        let item = if self.eat("agreement") {
            return self.agreement();
        } else if self.eat("the instrument") {
            return self.instrument();
        } else if self.eat("table") {
            return self.table();
        } else if self.eat("party") {
            let names = vec![self.run()?];
            let titled = self.sees_terminal(Terminal::Text);
            let title = if titled { Some(self.text_of(Terminal::Text)?) } else { None };
            ItemKind::Parties(Parties { names, title })
        } else if self.eat("parties") {
            ItemKind::Parties(Parties { names: self.runs()?, title: None })
        } else if self.eat("group") {
            let name = self.run()?;
            self.need("is")?;
            ItemKind::Group(Group { name, members: self.actors()? })
        } else if self.eat("office") {
            self.office()?
        } else if self.eat("act") {
            self.act()?
        } else if self.eat("category") {
            self.category()?
        } else if self.eat("measure") {
            let names = self.runs()?;
            let unit = if self.eat("in") { Some(self.unit()?) } else { None };
            ItemKind::Measure(MeasureDeclaration { names, unit })
        } else if self.eat("defence") {
            ItemKind::Defence(DefenceDeclaration { names: self.runs()? })
        } else if self.eat("line") {
            let name = self.run()?;
            let of = if self.eat("of") { Some(self.name(ACTOR)?) } else { None };
            self.need("from")?;
            let shape = self.shape()?;
            let mut sides = None;
            if self.ahead(1, "with sides") && self.eat(",") {
                self.need("with sides")?;
                let left = self.run()?;
                self.need(",")?;
                sides = Some((left, self.run()?));
            }
            let mut from = None;
            if self.eat(",") {
                self.need("from")?;
                from = Some(self.date_time()?);
            }
            ItemKind::Line(LineDeclaration { name, of, shape, sides, from })
        } else if self.eat("zone") {
            self.zone()?
        } else if self.eat("zones") {
            self.family()?
        } else if self.eat("list") {
            self.inventory()?
        } else if self.eat("parameter") {
            return self.parameter();
        } else {
            self.named_first()?
        };
        self.lines(|_| Err(Stop));
        Ok(item)
    }

    /// `ACTOR answers for …`, `CATEGORY has …`.
    fn named_first(&mut self) -> Read<ItemKind> {
        if self.sees_terminal(Terminal::Named(ACTOR)) && self.ahead(1, "answers for") {
            return self.answers();
        }
        if self.named(0, ACTOR) && !self.named(0, CATEGORY) {
            self.advance(1);
            self.need("answers for")?;
        }
        let category = self.name(CATEGORY)?;
        self.need("has")?;
        let measure = self.run()?;
        self.need("in")?;
        Ok(ItemKind::Has(HasMeasure { category, measure, unit: self.unit()? }))
    }

    fn instrument(&mut self) -> Read<ItemKind> {
        let name = self.run()?;
        self.need("of")?;
        let labels = self.labels()?;
        Ok(ItemKind::Instrument(Instrument { name, labels, clauses: self.clauses() }))
    }

    fn agreement(&mut self) -> Read<ItemKind> {
        let name = self.run()?;
        self.need("version")?;
        let version = self.number()?;
        let mut terms = Vec::new();
        self.lines(|parser| {
            terms.push(parser.term()?);
            Ok(())
        });
        Ok(ItemKind::Agreement(Agreement { name, version, terms }))
    }

    fn term(&mut self) -> Read<Term> {
        if self.eat("evidence may arrive") {
            let duration = self.duration()?;
            self.need("late")?;
            return Ok(Term::Lateness(duration));
        }
        if self.eat("horizon") {
            return self.duration().map(Term::Horizon);
        }
        if self.eat("in force from") {
            return self.moment().map(Term::InForce);
        }
        self.need("calendar")?;
        let of = if self.eat("of") { Some(self.name(ACTOR)?) } else { None };
        let zone = self.text_of(Terminal::ZoneName)?;
        let (mut rest_days, mut holidays) = (Vec::new(), Vec::new());
        if self.ahead(1, "rest days") && self.eat(",") {
            self.need("rest days")?;
            let day = |parser: &Self| parser.could_be(1, Terminal::Day);
            rest_days = self.list(day, |parser| parser.text_of(Terminal::Day))?;
        }
        if self.ahead(1, "holidays") && self.eat(",") {
            self.need("holidays")?;
            holidays = self.list(|parser| parser.could_be(1, Terminal::Date), Self::date)?;
        }
        Ok(Term::Calendar { of, zone, rest_days, holidays })
    }

    fn office(&mut self) -> Read<ItemKind> {
        let name = self.run()?;
        self.need("of")?;
        let members = self.actors()?;
        let mut quorum = None;
        if self.eat(",") {
            self.need("quorum")?;
            quorum = Some(self.number()?);
        }
        Ok(ItemKind::Office(Office { name, members, quorum }))
    }

    fn answers(&mut self) -> Read<ItemKind> {
        let by = self.name(ACTOR)?;
        self.need("answers for")?;
        let for_whom = self.runs()?;
        let under = if self.eat("under") { self.labels()? } else { Vec::new() };
        let mut from = None;
        if self.ahead(1, "from") && self.eat(",") {
            self.need("from")?;
            from = Some(self.date_time()?);
        }
        self.need(",")?;
        let ways = [("strictly", true), ("with diligence", false)];
        let strictly = self.choose(&ways).ok_or(Stop)?;
        Ok(ItemKind::Answers(Answers { by, for_whom, under, from, strictly }))
    }

    fn act(&mut self) -> Read<ItemKind> {
        let names = self.runs()?;
        if self.eat("is") || self.eat("are") {
            return Ok(ItemKind::Acts(ActCases { names, of: self.name(ACT)? }));
        }
        let mut names = names.into_iter();
        let (Some(name), None) = (names.next(), names.next()) else { return Err(Stop) };
        let of = if self.eat("of") { Some(self.name(CATEGORY)?) } else { None };
        let by = if self.eat("by") { Some(self.actors()?) } else { None };
        let mut facets = Vec::new();
        while self.eat(",") {
            facets.push(self.facet()?);
        }
        Ok(ItemKind::Act(ActDeclaration { name, of, by, facets }))
    }

    fn facet(&mut self) -> Read<Facet> {
        if self.eat("verb") {
            return self.run().map(Facet::Verb);
        }
        if self.eat("places") {
            return self.runs().map(Facet::Places);
        }
        if self.eat("serves") {
            return self.names(ACT).map(Facet::Serves);
        }
        if self.eat("hinders") {
            return self.names(ACT).map(Facet::Hinders);
        }
        if self.eat("watches") {
            return self.names(ACT).map(Facet::Watches);
        }
        if self.eat("joins") {
            let of = self.name(ACT)?;
            self.need(",")?;
            self.need("gap at most")?;
            return Ok(Facet::Joins(of, self.duration()?));
        }
        let start = self.here();
        self.need("stock")?;
        Ok(Facet::Stock(self.since(start)))
    }

    fn category(&mut self) -> Read<ItemKind> {
        let name = self.run()?;
        let mut kinds = Vec::new();
        if self.eat("is") {
            let follows = |parser: &Self| parser.word(1).is_some_and(|word| word.opens_name());
            kinds = self.list(follows, |parser| {
                let start = parser.here();
                let category = parser.run()?;
                let tests = if parser.eat("with") { parser.tests()? } else { Vec::new() };
                Ok(Kinded { category, tests, span: parser.since(start) })
            })?;
        }
        Ok(ItemKind::Category(CategoryDeclaration { name, kinds }))
    }

    fn shape(&mut self) -> Read<FileShape> {
        let file = self.text_of(Terminal::File)?;
        let feature = if self.eat("feature") { Some(self.text_of(Terminal::Text)?) } else { None };
        Ok(FileShape { file, feature })
    }

    fn zone(&mut self) -> Read<ItemKind> {
        let name = self.run()?;
        let zone = Kinds::of(&[Kind::Zone]);
        let area = if self.eat("is") { Area::Zone(self.name(zone)?) } else { self.area()? };
        let mut pieces = Vec::new();
        while let Some(without) = self.choose(&[("and", false), ("without", true)]) {
            let named = self.sees_terminal(Terminal::Named(zone));
            let area = if named { Area::Zone(self.name(zone)?) } else { self.area()? };
            pieces.push(Piece { without, area });
        }
        let (mut above, mut below) = (None, None);
        if self.ahead(1, "above") && self.eat(",") {
            self.need("above")?;
            above = Some(self.value()?);
        }
        if self.eat(",") {
            self.need("below")?;
            below = Some(self.value()?);
        }
        Ok(ItemKind::Zone(ZoneDeclaration { name, area, pieces, above, below }))
    }

    fn area(&mut self) -> Read<Area> {
        if self.eat("from") {
            return self.shape().map(Area::File);
        }
        self.need("within")?;
        let length = self.value()?;
        self.need("of")?;
        let name = self.name(Kinds::of(&[Kind::Line, Kind::Zone]))?;
        let side = if self.eat("on") { Some(self.name_of(Kind::Side)?) } else { None };
        Ok(Area::Around(length, name, side))
    }

    fn family(&mut self) -> Read<ItemKind> {
        let name = self.run()?;
        let members = if self.eat("are") {
            FamilyMembers::Zones(self.names(Kinds::of(&[Kind::Zone]))?)
        } else {
            self.need("from")?;
            let file = self.text_of(Terminal::File)?;
            self.need("named by")?;
            FamilyMembers::File { file, property: self.text_of(Terminal::Text)? }
        };
        Ok(ItemKind::Family(FamilyDeclaration { name, members }))
    }

    fn inventory(&mut self) -> Read<ItemKind> {
        let name = self.run()?;
        self.need("of")?;
        let of = self.name(CATEGORY)?;
        let items = if self.eat("is") {
            ListItems::Named(self.runs()?)
        } else {
            self.need("from")?;
            ListItems::File(self.text_of(Terminal::File)?)
        };
        Ok(ItemKind::List(ListDeclaration { name, of, items }))
    }

    fn table(&mut self) -> Read<ItemKind> {
        let name = self.run()?;
        self.need("of")?;
        self.need("category")?;
        let mut rows = Vec::new();
        self.lines(|parser| {
            let start = parser.here();
            let kind = parser.kind()?;
            let value = parser.quantity()?;
            rows.push(Row { kind, value, span: parser.since(start) });
            Ok(())
        });
        Ok(ItemKind::Table(TableDeclaration { name, rows }))
    }

    fn parameter(&mut self) -> Read<ItemKind> {
        let name = self.run()?;
        self.need("is")?;
        let value = if self.unit_ahead(1) {
            ParameterValue::Duration(self.duration()?)
        } else {
            ParameterValue::Quantity(self.quantity()?)
        };
        self.need(",")?;
        let standings = [
            ("reported", Standing::Reported),
            ("invented", Standing::Invented),
            ("agreed", Standing::Agreed),
        ];
        let standing = self.choose(&standings).ok_or(Stop)?;
        let mut later = Vec::new();
        self.lines(|parser| {
            parser.need("from")?;
            later.push((parser.date_time()?, parser.quantity()?));
            Ok(())
        });
        Ok(ItemKind::Parameter(ParameterDeclaration { name, value, standing, later }))
    }
}
