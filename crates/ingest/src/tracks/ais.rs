//! AIS sentences, one after another: parts joined, times found, names kept.
//!
//! Invariant: every line is settled once: when it is read, or, if it is a part of a longer message,
//! when that message is whole, given up or interrupted.

use super::{
    doubt::Doubt,
    message::{self, Bits, Message, Position},
    plan::TrackPlan,
    sentence::{self, Line, Sentence, Tag},
    sighting::{Heard, Settled, Sighting},
};
use crate::{Limits, reject::Fault};
use casus_model::{Instant, Occurred, time::SECOND_MS};
use std::collections::{HashMap, VecDeque};

/// Reads lines.
pub(crate) struct Ais<'p> {
    plan: &'p TrackPlan,
    unfinished: VecDeque<Unfinished>,
    /// Tags of groups whose later sentences do not repeat them.
    groups: VecDeque<(String, Tags)>,
    names: HashMap<u32, String>,
    /// Sentences read so far.
    sentences: u64,
    most_unfinished: u64,
    most_wait: u64,
    most_bytes: u64,
    most_names: u64,
}

/// A message of which parts are missing.
struct Unfinished {
    key: String,
    parts: Vec<Option<String>>,
    /// Rows, lines and texts of the parts that are here.
    rows: Vec<(u64, u64, String)>,
    tags: Tags,
    fill: u8,
    since: u64,
}

/// Who heard it, and when, to keep.
#[derive(Clone, Debug, Default)]
struct Tags {
    receiver: Option<String>,
    heard: Option<(Instant, i64)>,
}

impl Tags {
    fn of(tag: &Tag<'_>) -> Tags {
        Tags { receiver: tag.receiver.map(str::to_owned), heard: tag.heard }
    }
    fn or(self, other: Tags) -> Tags {
        Tags { receiver: self.receiver.or(other.receiver), heard: self.heard.or(other.heard) }
    }
}

impl<'p> Ais<'p> {
    pub fn new(plan: &'p TrackPlan, limits: &Limits) -> Ais<'p> {
        Ais {
            plan,
            unfinished: VecDeque::new(),
            groups: VecDeque::new(),
            names: HashMap::new(),
            sentences: 0,
            most_unfinished: limits.unfinished,
            most_wait: limits.wait_sentences,
            most_bytes: limits.sentence_bytes,
            most_names: limits.tracked,
        }
    }

    /// Reads one line; gives what is settled by it.
    pub fn line(&mut self, row: u64, at: u64, text: &str) -> Vec<Settled> {
        let mut done = Vec::new();
        let heard = if text.len() as u64 > self.most_bytes {
            let limit = crate::LimitExceeded::new("sentence_bytes", self.most_bytes);
            Err(Fault::row(limit.to_string(), text))
        } else {
            match sentence::line(text) {
                Ok(Line::Ais(sentence)) => {
                    self.sentences += 1;
                    self.give_up(&mut done);
                    match self.sentence(&sentence, (row, at, text), &mut done) {
                        Some(heard) => heard,
                        None => return done,
                    }
                }
                Ok(Line::Other(kind)) => Ok(Heard::Other("sentence", kind.to_owned())),
                Ok(Line::Comment) => Ok(Heard::Other("line", "comment".to_owned())),
                Err(fault) => Err(fault),
            }
        };
        done.push(Settled { row, line: Some(at), heard });
        done
    }

    /// Gives up what is not whole at the end.
    pub fn end(&mut self) -> Vec<Settled> {
        let mut done = Vec::new();
        while let Some(one) = self.unfinished.pop_front() {
            one.abandon("before the end", &mut done);
        }
        done
    }

    /// Gives up what has waited too long.
    fn give_up(&mut self, done: &mut Vec<Settled>) {
        let most_wait = self.most_wait;
        while let Some(one) = self.unfinished.pop_front() {
            if self.sentences.saturating_sub(one.since) <= most_wait {
                self.unfinished.push_front(one);
                return;
            }
            one.abandon(&format!("within {most_wait} sentences"), done);
        }
    }

    /// What a sentence tells; none where its message is not whole yet.
    fn sentence(
        &mut self,
        sentence: &Sentence<'_>,
        (row, at, text): (u64, u64, &str),
        done: &mut Vec<Settled>,
    ) -> Option<Result<Heard, Fault>> {
        let tags = self.tags(&sentence.tag);
        if sentence.total == 1 {
            return Some(self.message(sentence.payload, sentence.fill, &tags, text));
        }
        let Sentence { formatter, total, sequence, channel, .. } = sentence;
        let key = format!("{formatter},{total},{sequence},{channel}");
        let index = usize::from(sentence.number.saturating_sub(1));
        let mut place = self.unfinished.iter().position(|one| one.key == key);
        let mut one = place.and_then(|place| self.unfinished.remove(place));
        if let Some(old) = one.take_if(|one| one.parts.get(index).is_none_or(Option::is_some)) {
            old.abandon("before another with the same number", done);
            place = None;
        }
        let mut one = one.unwrap_or_else(|| Unfinished {
            key,
            parts: vec![None; usize::from(*total)],
            rows: Vec::new(),
            tags: Tags::default(),
            fill: 0,
            since: self.sentences,
        });
        one.tags = one.tags.or(tags);
        if sentence.number == sentence.total {
            one.fill = sentence.fill;
        }
        if let Some(part) = one.parts.get_mut(index) {
            *part = Some(sentence.payload.to_owned());
        }
        if one.parts.iter().any(Option::is_none) {
            one.rows.push((row, at, text.to_owned()));
            // Where it was: the longest waiting stay in front.
            let place = place.unwrap_or(usize::MAX).min(self.unfinished.len());
            self.unfinished.insert(place, one);
            while self.unfinished.len() as u64 > self.most_unfinished {
                if let Some(oldest) = self.unfinished.pop_front() {
                    let most = self.most_unfinished;
                    oldest.abandon(&format!("before {most} others were begun"), done);
                }
            }
            return None;
        }
        for (row, at, _) in one.rows {
            let part = Heard::Other("sentence", "part of a longer message".to_owned());
            done.push(Settled { row, line: Some(at), heard: Ok(part) });
        }
        let payload: String = one.parts.into_iter().flatten().collect();
        Some(self.message(&payload, one.fill, &one.tags, text))
    }

    /// The tags of a sentence, or those of the group that it belongs to.
    fn tags(&mut self, tag: &Tag<'_>) -> Tags {
        let own = Tags::of(tag);
        let Some(group) = tag.group else { return own };
        let known = self.groups.iter().position(|(name, _)| name == group);
        let known = known.and_then(|place| self.groups.remove(place)).map(|(_, tags)| tags);
        let tags = own.or(known.unwrap_or_default());
        self.groups.push_back((group.to_owned(), tags.clone()));
        if self.groups.len() as u64 > self.most_unfinished {
            self.groups.pop_front();
        }
        tags
    }

    fn message(
        &mut self,
        payload: &str,
        fill: u8,
        tags: &Tags,
        text: &str,
    ) -> Result<Heard, Fault> {
        if payload.is_empty() {
            return Ok(Heard::Other("message", "none".to_owned()));
        }
        let bits = Bits::new(payload, fill).ok_or_else(|| {
            Fault::new("payload", "expected signs from `0` to `W` and from `` ` `` to `w`", text)
        })?;
        let quoted = |fault: Fault| Fault { text: Fault::row("", text).text, ..fault };
        match message::message(&bits).map_err(quoted)? {
            Message::Position(position) => self.position(position, tags, text),
            Message::NoPosition => {
                let (what, which) = crate::profile::map::NO_POSITION;
                Ok(Heard::Other(what, which.to_owned()))
            }
            Message::Named { mmsi, name } => {
                self.keep_name(mmsi, name);
                Ok(Heard::Other("message", "name of a ship".to_owned()))
            }
            Message::Other(kind) => Ok(Heard::Other("message", format!("type {kind}"))),
        }
    }

    fn position(&mut self, position: Position, tags: &Tags, text: &str) -> Result<Heard, Fault> {
        let (time, known) = self.time(position.second, tags.heard).ok_or_else(|| {
            let reason = "no time: expected a tag block with `c:`, a time behind the sentence, or \
                          `base_from` and `base_to` in the profile";
            Fault::new("time", reason, text)
        })?;
        let errors = &self.plan.error_m;
        let error_m = if position.accurate { errors.accurate } else { errors.inaccurate };
        let name = self.names.get(&position.mmsi).cloned();
        Ok(Heard::Position(Box::new(Sighting {
            item: format!("{:09}", position.mmsi),
            lon: position.lon,
            lat: position.lat,
            error_m: error_m + if position.coarse { errors.coarse } else { 0.0 },
            altitude_m: None,
            speed: position.speed.map(|speed| (speed, "kn")),
            course: position.course,
            time,
            known,
            receiver: tags.receiver.clone(),
            name,
            doubt: (!position.measured).then_some(Doubt::NotMeasured),
        })))
    }

    /// When it was measured, and when it was heard. The message tells only the second of the
    /// minute: it is the one nearest to when it was heard.
    fn time(
        &self,
        second: Option<u8>,
        heard: Option<(Instant, i64)>,
    ) -> Option<(Occurred, Option<Instant>)> {
        let Some((heard, unit_ms)) = heard else {
            return Some((Occurred::within(self.plan.base_from?, self.plan.base_to?), None));
        };
        let known = heard.plus_ms(unit_ms - 1);
        let Some(second) = second else { return Some((Occurred::within(heard, known), None)) };
        let heard_s = heard.0.div_euclid(SECOND_MS);
        let ago_s = (heard_s - i64::from(second)).rem_euclid(60);
        let ago_s = if ago_s > 30 { ago_s - 60 } else { ago_s };
        let at = Instant((heard_s - ago_s) * SECOND_MS);
        Some((Occurred::within(at, at.plus_ms(SECOND_MS - 1)), Some(known)))
    }

    fn keep_name(&mut self, mmsi: u32, name: String) {
        if self.names.len() as u64 >= self.most_names {
            self.names.clear();
        }
        self.names.insert(mmsi, name);
    }
}

impl Unfinished {
    /// Rejects all the parts that are here.
    fn abandon(self, when: &str, done: &mut Vec<Settled>) {
        let missing = self.parts.iter().position(Option::is_none).unwrap_or_default() + 1;
        let total = self.parts.len();
        for (row, at, text) in self.rows {
            let reason = format!("part {missing} of {total} of its message did not come {when}");
            let heard = Err(Fault::new("sentence", reason, &text));
            done.push(Settled { row, line: Some(at), heard });
        }
    }
}
