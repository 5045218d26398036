//! What an editor may ask about a document, and what is answered.
//!
//! Invariant: a request about a document that is not open, or is put aside, is answered with null.

use crate::{
    complete,
    door::{Beside, Door},
    hover, layout,
    lines::Encoding,
    rename,
    server::code,
    spot,
    store::{Reading, Store},
    symbols, uses,
};
use casus_syntax::Span;
use lsp_types::{
    CompletionList, CompletionOptions, DocumentFormattingParams, DocumentSymbolParams,
    FoldingRangeParams, Hover, HoverContents, Location, MarkupContent, MarkupKind, OneOf, Position,
    PrepareRenameResponse, ReferenceParams, RenameOptions, RenameParams, SaveOptions,
    ServerCapabilities, TextDocumentPositionParams, TextDocumentSyncCapability,
    TextDocumentSyncKind, TextDocumentSyncOptions, TextDocumentSyncSaveOptions, TextEdit, Uri,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use std::sync::Arc;

/// A result, or a code and a message.
pub type Answer = Result<Value, (i32, String)>;

/// What a request can reach.
pub struct Asked<'s> {
    /// The open documents.
    pub store: &'s mut Store,
    /// What positions count.
    pub encoding: Encoding,
    /// Changes are sent with the version that they are for.
    pub versioned: bool,
    /// The files beside them.
    pub door: &'s dyn Door,
}

/// What this server can do.
pub fn capabilities(encoding: Encoding) -> ServerCapabilities {
    let sync = TextDocumentSyncOptions {
        open_close: Some(true),
        change: Some(TextDocumentSyncKind::INCREMENTAL),
        save: Some(TextDocumentSyncSaveOptions::SaveOptions(SaveOptions::default())),
        ..TextDocumentSyncOptions::default()
    };
    let rename = RenameOptions {
        prepare_provider: Some(true),
        work_done_progress_options: Default::default(),
    };
    ServerCapabilities {
        position_encoding: Some(encoding.kind()),
        text_document_sync: Some(TextDocumentSyncCapability::Options(sync)),
        hover_provider: Some(true.into()),
        completion_provider: Some(CompletionOptions {
            trigger_characters: Some(vec![" ".to_owned()]),
            ..CompletionOptions::default()
        }),
        definition_provider: Some(OneOf::Left(true)),
        references_provider: Some(OneOf::Left(true)),
        document_symbol_provider: Some(OneOf::Left(true)),
        document_formatting_provider: Some(OneOf::Left(true)),
        rename_provider: Some(OneOf::Right(rename)),
        folding_range_provider: Some(true.into()),
        ..ServerCapabilities::default()
    }
}

/// What is given, typed.
pub fn read<T: DeserializeOwned>(given: Value) -> Result<T, (i32, String)> {
    serde_json::from_value(given).map_err(|why| (code::INVALID_GIVEN, why.to_string()))
}

fn written(result: impl Serialize) -> Answer {
    serde_json::to_value(result).map_err(|why| (code::FAILED, why.to_string()))
}

/// Answers a request.
pub fn answer(method: &str, given: Value, mut asked: Asked<'_>) -> Answer {
    match method {
        "textDocument/hover" => hover(read(given)?, &mut asked),
        "textDocument/completion" => completion(read(given)?, &mut asked),
        "textDocument/definition" => definition(read(given)?, &mut asked),
        "textDocument/references" => references(read(given)?, &mut asked),
        "textDocument/prepareRename" => prepare_rename(read(given)?, &mut asked),
        "textDocument/rename" => renamed(read(given)?, &mut asked),
        "textDocument/formatting" => formatting(read(given)?, &mut asked),
        "textDocument/documentSymbol" => document_symbols(read(given)?, &mut asked),
        "textDocument/foldingRange" => folding(read(given)?, &mut asked),
        _ => Err((code::NO_METHOD, format!("no method is called `{method}`"))),
    }
}

/// A document and a place in it.
struct Place {
    reading: Arc<Reading>,
    offset: usize,
    uri: Uri,
}

impl Asked<'_> {
    fn reading(&mut self, uri: &Uri) -> Option<Arc<Reading>> {
        self.store.get_mut(uri.as_str())?.read(uri.as_str(), self.door)
    }

    fn place(&mut self, given: TextDocumentPositionParams) -> Option<Place> {
        self.place_of(given.text_document.uri, given.position)
    }

    fn place_of(&mut self, uri: Uri, position: Position) -> Option<Place> {
        let reading = self.reading(&uri)?;
        let offset = reading.places.offset(reading.source(), position);
        Some(Place { reading, offset, uri })
    }
}

fn hover(given: TextDocumentPositionParams, asked: &mut Asked<'_>) -> Answer {
    let Some(place) = asked.place(given) else { return Ok(Value::Null) };
    let reading = &place.reading;
    let page = hover::page(reading, place.offset, place.uri.as_str(), asked.door);
    written(page.map(|(value, span)| Hover {
        contents: HoverContents::Markup(MarkupContent { kind: MarkupKind::Markdown, value }),
        range: Some(reading.places.range(reading.source(), span)),
    }))
}

fn completion(given: TextDocumentPositionParams, asked: &mut Asked<'_>) -> Answer {
    let Some(place) = asked.place(given) else { return Ok(Value::Null) };
    let (items, all) = complete::at(&place.reading, place.offset, place.uri.as_str(), asked.door);
    written(CompletionList { is_incomplete: !all, items })
}

fn definition(given: TextDocumentPositionParams, asked: &mut Asked<'_>) -> Answer {
    let Some(place) = asked.place(given) else { return Ok(Value::Null) };
    let Place { reading, offset, uri } = &place;
    written(uses::definition(reading, *offset, uri, asked.door, asked.encoding))
}

fn references(given: ReferenceParams, asked: &mut Asked<'_>) -> Answer {
    let Some(place) = asked.place(given.text_document_position) else { return Ok(Value::Null) };
    let Some(spot) = spot::at(&place.reading, place.offset) else { return Ok(Value::Null) };
    let uses = uses::uses(&place.reading, &spot).into_iter();
    let uses = uses.filter(|one| given.context.include_declaration || !one.declares);
    let places = uses.map(|one| Location {
        uri: place.uri.clone(),
        range: place.reading.places.range(place.reading.source(), one.span),
    });
    written(places.collect::<Vec<_>>())
}

fn prepare_rename(given: TextDocumentPositionParams, asked: &mut Asked<'_>) -> Answer {
    let Some(place) = asked.place(given) else { return Ok(Value::Null) };
    let reading = &place.reading;
    let prepared = rename::prepare(reading, place.offset);
    let (span, placeholder) = prepared.map_err(|why| (code::FAILED, why))?;
    let range = reading.places.range(reading.source(), span);
    written(PrepareRenameResponse::RangeWithPlaceholder { range, placeholder })
}

fn renamed(given: RenameParams, asked: &mut Asked<'_>) -> Answer {
    let at = given.text_document_position;
    let Some(place) = asked.place(at) else { return Ok(Value::Null) };
    let Place { reading, offset, uri } = &place;
    let annexes = Beside { door: asked.door, uri: uri.as_str() };
    let spans = rename::rename(reading, *offset, &given.new_name, &annexes);
    let spans = spans.map_err(|why| (code::FAILED, why))?;
    let edit = |span: Span| TextEdit {
        range: reading.places.range(reading.source(), span),
        new_text: given.new_name.clone(),
    };
    let edits: Vec<TextEdit> = spans.into_iter().map(edit).collect();
    let version = asked.store.get(uri.as_str()).map(|open| open.version);
    Ok(match asked.versioned {
        true => json!({ "documentChanges": [
            { "textDocument": { "uri": uri, "version": version }, "edits": edits }
        ] }),
        false => json!({ "changes": { uri.as_str(): edits } }),
    })
}

fn formatting(given: DocumentFormattingParams, asked: &mut Asked<'_>) -> Answer {
    let reading = asked.reading(&given.text_document.uri);
    written(reading.map(|reading| layout::edits(&reading)))
}

fn document_symbols(given: DocumentSymbolParams, asked: &mut Asked<'_>) -> Answer {
    let reading = asked.reading(&given.text_document.uri);
    written(reading.map(|reading| symbols::symbols(&reading)))
}

fn folding(given: FoldingRangeParams, asked: &mut Asked<'_>) -> Answer {
    let reading = asked.reading(&given.text_document.uri);
    written(reading.map(|reading| symbols::folds(&reading)))
}
