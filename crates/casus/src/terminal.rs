//! The two ways out: data to standard output, talk to standard error.
//!
//! Invariant: a text that comes from evidence or from an agreement is cleaned before it is shown
//! to people, so that it cannot steer their terminal.

use crate::exit::{Exit, Failure};
use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{self, BufWriter, IsTerminal, Write};

/// The width that pages are written for.
pub const WIDTH: usize = 100;

/// Where a command writes to.
pub struct Terminal {
    /// Data.
    pub out: BufWriter<Box<dyn Write>>,
    /// Talk.
    pub err: Box<dyn Write>,
    out_colour: bool,
    err_colour: bool,
    watched: bool,
}

impl Terminal {
    /// The process's own.
    pub fn new(choice: ColorChoice) -> Terminal {
        choice.write_global();
        let colour = |choice: ColorChoice| choice != ColorChoice::Never;
        let (out, err) = (io::stdout(), io::stderr());
        Terminal {
            out_colour: colour(AutoStream::choice(&out)),
            err_colour: colour(AutoStream::choice(&err)),
            watched: err.is_terminal(),
            out: BufWriter::with_capacity(1 << 16, Box::new(out.lock())),
            err: Box::new(err),
        }
    }

    /// Stands out, on standard output.
    pub fn strong(&self, text: &str) -> String {
        paint(self.out_colour, Style::new().bold(), text)
    }

    /// A diagnostic as it was rendered, its first words standing out.
    pub fn diagnostic(&self, text: &str) -> String {
        let (severity, rest) = text.split_at(text.find(':').unwrap_or(0));
        let colour = if severity.starts_with("error") { AnsiColor::Red } else { AnsiColor::Yellow };
        let style = Style::new().bold().fg_color(Some(colour.into()));
        format!("{}{rest}", paint(self.err_colour, style, severity))
    }

    /// Says something beside the data.
    ///
    /// # Errors
    /// Where standard error cannot be written to.
    pub fn say(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.err, "{text}")
    }

    /// Says why the command stops; gives its exit code.
    pub fn fail(&mut self, failure: &Failure) -> Exit {
        let Failure::Told { exit, message, help } = failure else {
            let Failure::Silent(exit) = failure else { return Exit::Usage };
            return *exit;
        };
        let style = Style::new().bold().fg_color(Some(AnsiColor::Red.into()));
        let error = paint(self.err_colour, style, "error");
        // Nobody is left to tell where standard error itself cannot be written to.
        let _ = writeln!(self.err, "{error}: {message}");
        if let Some(help) = help {
            let _ = writeln!(self.err, "  help: {help}");
        }
        *exit
    }

    /// A bar for the reading of so many bytes, seen only where somebody watches.
    pub fn progress(&self, name: &str, bytes: u64) -> ProgressBar {
        if !self.watched || bytes < 1 << 20 {
            return ProgressBar::with_draw_target(Some(bytes), ProgressDrawTarget::hidden());
        }
        let bar = ProgressBar::new(bytes).with_message(name.to_owned());
        let style = "reading {msg} {bar:30} {bytes} of {total_bytes}";
        match ProgressStyle::with_template(style) {
            Ok(style) => bar.with_style(style),
            Err(_) => bar,
        }
    }
}

fn paint(colour: bool, style: Style, text: &str) -> String {
    match colour {
        true => format!("{}{text}{}", style.render(), style.render_reset()),
        false => text.to_owned(),
    }
}

/// The text without signs that steer a terminal or turn the direction of writing.
pub fn clean(text: &str) -> String {
    let hidden = |sign: char| {
        sign.is_control()
            || matches!(sign, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
            || matches!(sign, '\u{200E}' | '\u{200F}' | '\u{061C}' | '\u{FEFF}')
    };
    text.chars().map(|sign| if hidden(sign) { ' ' } else { sign }).collect()
}

/// The text, or its beginning and `…`, in at most so many characters.
pub fn cut(text: &str, most: usize) -> String {
    let text = clean(text);
    if text.chars().count() <= most {
        return text;
    }
    let mut short: String = text.chars().take(most.saturating_sub(1)).collect();
    short.truncate(short.trim_end().len());
    short.push('…');
    short
}

/// The text in lines of at most `WIDTH` characters, each after `indent` blanks; the first line
/// begins with `head` instead, which is not wider.
pub fn wrap(head: &str, indent: usize, text: &str) -> String {
    let text = clean(text);
    let mut out = format!("{head:indent$}");
    let mut column = out.chars().count();
    let mut fresh = true;
    for word in text.split_ascii_whitespace() {
        let width = word.chars().count();
        if !fresh && column + 1 + width > WIDTH {
            out.push('\n');
            out.push_str(&" ".repeat(indent));
            (column, fresh) = (indent, true);
        }
        if !fresh {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += width;
        fresh = false;
    }
    out.truncate(out.trim_end().len());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_wrapped_under_their_head() {
        let text = "word ".repeat(40);
        let wrapped = wrap("because", 10, &text);
        assert!(wrapped.starts_with("because   word"));
        assert!(wrapped.lines().all(|line| line.chars().count() <= WIDTH));
        assert!(wrapped.lines().skip(1).all(|line| line.starts_with("          word")));
        assert_eq!(wrapped.matches("word").count(), 40);
    }

    #[test]
    fn what_steers_a_terminal_is_taken_out() {
        assert_eq!(clean("a\u{1b}[31mb\u{202E}c\nd"), "a [31mb c d");
        assert_eq!(cut("abcdef", 4), "abc…");
    }
}
