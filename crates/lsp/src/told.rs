//! Diagnostics as the protocol has them.
//!
//! Invariant: nothing that the command line says is left out: code, what is expected, what to do.

use crate::store::Reading;
use casus_syntax::{Diagnostic, Severity};
use lsp_types::{
    CodeDescription, DiagnosticRelatedInformation, DiagnosticSeverity, Location, NumberOrString,
    Uri,
};

/// Everything that is wrong with a document. `manual` is where the pages of the language stand.
pub fn all(reading: &Reading, uri: &Uri, manual: Option<&str>) -> Vec<lsp_types::Diagnostic> {
    reading.told.iter().map(|one| diagnostic(reading, uri, manual, one)).collect()
}

fn diagnostic(
    reading: &Reading,
    uri: &Uri,
    manual: Option<&str>,
    one: &Diagnostic,
) -> lsp_types::Diagnostic {
    let source = reading.source();
    let mut message = one.message.clone();
    if !one.expected.is_empty() {
        message.push_str(&format!("\nexpected: {}", one.expected.join(", ")));
    }
    if let Some(help) = &one.help {
        message.push_str(&format!("\nhelp: {help}"));
    }
    let related = one.related.iter().map(|(span, message)| DiagnosticRelatedInformation {
        location: Location { uri: uri.clone(), range: reading.places.range(source, *span) },
        message: message.clone(),
    });
    let related: Vec<_> = related.collect();
    lsp_types::Diagnostic {
        range: reading.places.range(source, one.span),
        severity: Some(match one.severity {
            Severity::Error => DiagnosticSeverity::ERROR,
            Severity::Warning => DiagnosticSeverity::WARNING,
        }),
        code: Some(NumberOrString::String(one.code.to_owned())),
        code_description: manual.and_then(|manual| page(manual, one.code)),
        source: Some("casus".to_owned()),
        message,
        related_information: (!related.is_empty()).then_some(related),
        ..lsp_types::Diagnostic::default()
    }
}

/// The title of a code and why it is wrong.
pub fn explained(code: &str) -> Option<(&'static str, &'static str)> {
    let of_text = casus_syntax::registry::explain(code);
    let of_check = || casus_check::codes().into_iter().find(|known| known.code == code);
    of_text
        .map(|known| (known.title, known.explanation))
        .or_else(|| of_check().map(|known| (known.title, known.explanation)))
}

/// Where the manual explains a code.
fn page(manual: &str, code: &str) -> Option<CodeDescription> {
    let (title, _) = explained(code)?;
    let file = match casus_syntax::registry::explain(code) {
        Some(_) => "diagnostics.md",
        None => "diagnostics-check.md",
    };
    let heading = format!("{code} {title}");
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    let anchor = kept.collect::<String>().to_lowercase().replace(' ', "-");
    let manual = manual.trim_end_matches('/');
    let href = format!("{manual}/{file}#{anchor}").parse().ok()?;
    Some(CodeDescription { href })
}
