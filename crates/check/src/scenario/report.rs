//! One report of a test block: who, what, where, when, and how sure.
//!
//! Invariant: several actors or recipients make one record each, each with an id of its own.

use super::Told;
use crate::{checker::Checker, program::Form, registry};
use casus_model::{
    Attribution, Confidence, Grade, Instant, Name, Object, Occurred, Place, Record, Source,
    Standing,
    geometry::{Point, Shape},
    grade::{Credibility, Reliability},
    program::ActorId,
};
use casus_syntax::ast::{self, Detail, Report, ReportWhat, Sureness, Text};

/// What the details of a report say.
struct Details {
    grade: Grade,
    attribution: Option<Confidence>,
    known: Option<Instant>,
    source: Source,
    incident: Option<Name>,
    item: Option<Name>,
    error_m: f64,
    altitude_m: Option<(f64, f64)>,
    points: Vec<Place>,
}

impl Checker<'_> {
    /// The records of a report.
    pub(super) fn report(
        &mut self,
        report: &Report,
        id: &str,
        clock: Instant,
        told: &Told,
    ) -> Vec<Record> {
        let Some(one) = self.account(report, clock, told) else { return Vec::new() };
        let by = report.by.as_ref().map(|actors| self.several(&actors.names));
        let to = report.to.as_ref().map(|actors| self.several(&actors.names));
        let by = options(by);
        let to = options(to);
        let mut out = Vec::with_capacity(by.len() * to.len());
        for actor in &by {
            for recipient in &to {
                let mut record = one.clone();
                let mut name = id.to_owned();
                for (list, who) in [(&by, actor), (&to, recipient)] {
                    if list.len() > 1
                        && let Some(who) = who.and_then(|who| self.called(who))
                    {
                        name = format!("{name}-{who}");
                    }
                }
                record.id = name.into();
                record.actor = actor.and_then(|who| self.called(who)).map(|name| Attribution {
                    name,
                    confidence: one
                        .actor
                        .as_ref()
                        .map_or(Confidence::PROBABLE, |actor| actor.confidence),
                });
                record.recipient = recipient.and_then(|who| self.called(who));
                out.push(record);
            }
        }
        out
    }

    fn called(&self, who: ActorId) -> Option<Name> {
        self.out.actors.get(who.index()).map(|actor| actor.name.clone())
    }

    /// The record of a report, without its id and its actors; the actor holds only how sure.
    fn account(&mut self, report: &Report, clock: Instant, told: &Told) -> Option<Record> {
        let (act, object) = self.told_what(&report.what)?;
        let time = self.occurred(report)?;
        let details = self.details(report, told)?;
        let known = details.known.unwrap_or(time.end.1);
        if details.known.is_none() && known > clock {
            let message = "this fact becomes known only after the clock of the test";
            let help = "give it a time before the clock, or say `known` if that is meant";
            self.tell_help(&registry::KNOWN_LATER, report.span, message, help);
        }
        let mut places = Vec::with_capacity(report.places.len());
        for place in &report.places {
            self.near_zone(&place.place);
            let role = self.told_role(&act, place.role.as_ref())?;
            let shape = Shape::Named(place.place.text.as_str().into());
            places.push(Place {
                role,
                shape,
                error_m: details.error_m,
                altitude_m: details.altitude_m,
            });
        }
        for place in &details.points {
            places.push(place.clone());
        }
        let mut about = Vec::new();
        for handle in &report.about {
            about.extend(self.held(handle, told)?);
        }
        let confidence = details.attribution.unwrap_or(Confidence::PROBABLE);
        let mut record = Record {
            id: "".into(),
            version: 1,
            standing: Standing::Asserted,
            incident: details.incident,
            act,
            actor: Some(Attribution { name: "".into(), confidence }),
            object,
            recipient: None,
            about,
            places,
            time,
            known,
            quantities: Vec::new(),
            source: details.source,
            grade: details.grade,
            text: None,
        };
        if let Some(item) = details.item {
            let empty = Object { kind: "".into(), item: None, measures: Vec::new() };
            record.object.get_or_insert(empty).item = Some(item);
        }
        self.amounts(report, &mut record)?;
        Some(record)
    }

    /// The act's name and the object.
    fn told_what(&mut self, what: &ReportWhat) -> Option<(Name, Option<Object>)> {
        let plain = |kind: Name| Some(Object { kind, item: None, measures: Vec::new() });
        let (act, defence) = match what {
            ReportWhat::Act { act, kind } => {
                let id = self.used_act(act)?;
                let name = self.out.acts.get(id.index())?.name.clone();
                let object = match kind {
                    Some(kind) => {
                        let id =
                            self.find(|names| &names.categories, &kind.category, "a category")?;
                        let mut object = plain(self.out.categories.get(id.index())?.name.clone());
                        for (measure, quantity) in &kind.measures {
                            let (name, amount) = self.told_amount(measure, quantity, None)?;
                            let at = self.names.measures.get(&measure.text).map(|one| one.id);
                            if let Some(at) = at {
                                self.must_have(id, at, measure);
                            }
                            if let Some(object) = &mut object {
                                object.measures.push((name, amount));
                            }
                        }
                        object
                    }
                    None => None,
                };
                return Some((name, object));
            }
            ReportWhat::Adoption(label, step) => {
                let rule = self.labelled(label)?;
                let label = self.out.provisions.get(rule.index())?.label.clone();
                let kind = match step {
                    Some(step) => {
                        self.step_of(rule, step)?;
                        Name::from(format!("{label} {}", step.text))
                    }
                    None => label,
                };
                return Some(("adoption".into(), plain(kind)));
            }
            ReportWhat::Refusal(label) => {
                let rule = self.labelled(label)?;
                let label = self.labels.get(rule.index())?.clone();
                return Some(("rejection".into(), plain(label)));
            }
            ReportWhat::Waiver(label) => {
                self.labelled(label)?;
                return Some(("waiver".into(), plain(label.text.as_str().into())));
            }
            ReportWhat::Exercise(label) => {
                let rule = self.labelled(label)?;
                let act = self.powers.get(&rule).copied();
                let Some(act) = act.and_then(|act| self.out.acts.get(act.index())) else {
                    let form = self.forms.get(rule.index()).map_or("rule", Form::called);
                    let message = format!("`{}` is a {form} and no power", label.text);
                    self.tell(&registry::WRONG_FORM, label.span, message);
                    return None;
                };
                return Some((act.name.clone(), None));
            }
            ReportWhat::Claim(defence) => ("claim", defence),
            ReportWhat::Acceptance(defence) => ("acceptance", defence),
            ReportWhat::Rejection(defence) => ("rejection", defence),
        };
        self.find(|names| &names.defences, defence, "a defence")?;
        Some((act.into(), plain(defence.text.as_str().into())))
    }

    /// Whether a ladder has such a step; tells where not.
    fn step_of(&mut self, rule: casus_model::program::RuleId, step: &ast::Name) -> Option<()> {
        use casus_model::program::Body;
        let body = self.made.get(rule.index())?.as_ref().map(|rule| &rule.body)?;
        let steps: Vec<Name> = match body {
            Body::Response(response) => response.steps.iter().map(|one| one.name.clone()).collect(),
            _ => Vec::new(),
        };
        if steps.iter().any(|name| name.as_str() == step.text) {
            return Some(());
        }
        let known: Vec<&str> = steps.iter().map(Name::as_str).collect();
        self.unknown(step, "a step of this rule", &known);
        None
    }

    fn occurred(&mut self, report: &Report) -> Option<Occurred> {
        let mut start = self.day_or_time(report.on);
        if let Some(latest) = report.latest {
            start.1 = self.day_or_time(latest).1;
            if start.1 < start.0 {
                let message = "the latest begin of this fact is before the earliest";
                let help = "put the earlier time after `on` and the later after `to`";
                self.tell_help(&registry::ENDS_BEFORE, latest.date.span, message, help);
                return None;
            }
        }
        let Some(until) = report.until else {
            return Some(Occurred { start, end: start });
        };
        let end = self.day_or_time(until);
        if end.0 < start.0 || end.1 < start.1 {
            let message = "this fact ends before it begins";
            let help = "put the earlier time after `on` and the later after `until`";
            self.tell_help(&registry::ENDS_BEFORE, until.date.span, message, help);
            return None;
        }
        Some(Occurred { start, end })
    }

    fn details(&mut self, report: &Report, told: &Told) -> Option<Details> {
        let mut out = Details {
            grade: Grade { reliability: Reliability::B, credibility: Credibility::Probable },
            attribution: None,
            known: None,
            source: Source { name: "test".into(), origin: None },
            incident: None,
            item: None,
            error_m: 0.0,
            altitude_m: None,
            points: Vec::new(),
        };
        for detail in &report.details {
            match detail {
                Detail::Grade(text) => out.grade = self.told_grade(text)?,
                Detail::Attribution(sure) => {
                    if report.by.is_none() {
                        let message =
                            "`attribution` says how sure it is who did it, and nobody is named";
                        let help = "name the actor with `by`";
                        let code = &registry::NO_ACTOR_TO_JUDGE;
                        self.tell_help(code, report.span, message, help);
                        return None;
                    }
                    out.attribution = Some(self.sureness(sure)?);
                }
                Detail::Known(when) => out.known = Some(self.day_or_time(*when).1),
                Detail::Source(name, from) => {
                    let origin = from.as_ref().map(|from| from.text.as_str().into());
                    out.source = Source { name: name.text.as_str().into(), origin };
                }
                Detail::Incident(handle) => out.incident = Some(told.incident_of(&handle.text)),
                Detail::Item(text) => out.item = Some(text.text.as_str().into()),
                Detail::Error(length) => out.error_m = self.length(length)?,
                Detail::At(..) | Detail::Along(..) | Detail::Measure { .. } => {}
                Detail::Height(low, high) => {
                    let low = self.length(low)?;
                    let high = match high {
                        Some(high) => self.length(high)?,
                        None => low,
                    };
                    out.altitude_m = Some((low.min(high), high.max(low)));
                }
            }
        }
        for detail in &report.details {
            let (points, role) = match detail {
                Detail::At(point, role) => (std::slice::from_ref(point), role),
                Detail::Along(points, role) => (&points[..], role),
                _ => continue,
            };
            let path = matches!(detail, Detail::Along(..));
            let shape = self.told_shape(points, path)?;
            let (act, _) = self.told_what(&report.what)?;
            let role = self.told_role(&act, role.as_ref())?;
            let (error_m, altitude_m) = (out.error_m, out.altitude_m);
            out.points.push(Place { role, shape, error_m, altitude_m });
        }
        Some(out)
    }

    /// One point, or the path along several.
    fn told_shape(&mut self, points: &[ast::Point], path: bool) -> Option<Shape> {
        let mut found = Vec::with_capacity(points.len());
        for point in points {
            let Some(at) = Point::new(point.longitude, point.latitude) else {
                let message =
                    format!("`{}N {}E` is nowhere on the globe", point.latitude, point.longitude);
                let help = "a latitude ends at 90, a longitude at 180";
                self.tell_help(&registry::NUMBER_RANGE, point.span, message, help);
                return None;
            };
            found.push(at);
        }
        Some(if path { Shape::Line(found.into()) } else { Shape::Point(*found.first()?) })
    }

    fn told_grade(&mut self, text: &Text) -> Option<Grade> {
        let grade = Grade::parse(&text.text);
        if grade.is_none() {
            let message = format!("expected a grade from `A1` to `F6`, got `{}`", text.text);
            self.tell(&registry::NUMBER_RANGE, text.span, message);
        }
        grade
    }

    fn sureness(&mut self, sure: &Sureness) -> Option<Confidence> {
        Some(match sure {
            Sureness::Confirmed => Confidence::CONFIRMED,
            Sureness::Probable => Confidence::PROBABLE,
            Sureness::Possible => Confidence::POSSIBLE,
            Sureness::Unknown => Confidence::UNKNOWN,
            Sureness::Percent(number) => {
                let exact = u8::try_from(self.whole(number, 0, 100)?).ok()?;
                Confidence { low: exact, high: exact }
            }
        })
    }
}

/// Each of the actors, or nobody.
fn options(actors: Option<Vec<ActorId>>) -> Vec<Option<ActorId>> {
    match actors {
        Some(actors) if !actors.is_empty() => actors.into_iter().map(Some).collect(),
        _ => vec![None],
    }
}
