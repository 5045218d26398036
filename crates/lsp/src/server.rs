//! The state of a session, and what each message does to it.
//!
//! Invariant: a request has exactly one answer, a notification none; before `initialize` and after
//! `shutdown` a request is refused.

use crate::{
    door::Door,
    lines::Encoding,
    requests::{self, Asked},
    store::{DOCUMENTS, Open, Store},
    told,
};
use lsp_types::{
    DidChangeTextDocumentParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams,
    DidSaveTextDocumentParams, InitializeParams, PublishDiagnosticsParams, Uri,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// Error codes of JSON-RPC and of the protocol.
pub(crate) mod code {
    /// It is no request.
    pub const INVALID_REQUEST: i32 = -32600;
    /// Nobody knows the method.
    pub const NO_METHOD: i32 = -32601;
    /// What is given does not fit the method.
    pub const INVALID_GIVEN: i32 = -32602;
    /// It comes before `initialize`.
    pub const NOT_INITIALIZED: i32 = -32002;
    /// It was understood and cannot be done.
    pub const FAILED: i32 = -32803;
}

/// Where the session stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Phase {
    #[default]
    Before,
    Running,
    ShutDown,
    Done {
        orderly: bool,
    },
}

/// One session.
#[derive(Debug)]
pub struct Server {
    phase: Phase,
    encoding: Encoding,
    /// Where the manual stands, as the client says.
    manual: Option<String>,
    /// The client takes changes with the version that they are for.
    versioned: bool,
    store: Store,
}

impl Default for Server {
    fn default() -> Server {
        Server {
            phase: Phase::Before,
            encoding: Encoding::Utf16,
            manual: None,
            versioned: false,
            store: Store::new(),
        }
    }
}

/// The answer to a request that cannot be followed.
pub(crate) fn refused(id: &Value, code: i32, message: &str) -> Value {
    json!({ "jsonrpc": "2.0", "id": id, "error": { "code": code, "message": message } })
}

impl Server {
    /// Whether the client has said `exit`.
    pub fn is_done(&self) -> bool {
        matches!(self.phase, Phase::Done { .. })
    }

    /// Whether `shutdown` came before the end.
    pub fn was_shut_down(&self) -> bool {
        matches!(self.phase, Phase::ShutDown | Phase::Done { orderly: true })
    }

    /// What a message leads to: an answer, or something to tell.
    pub fn take(&mut self, message: Value, door: &dyn Door) -> Vec<Value> {
        let Value::Object(mut message) = message else {
            return vec![refused(&Value::Null, code::INVALID_REQUEST, "a message is an object")];
        };
        let given = message.remove("params").unwrap_or_default();
        let method = match message.remove("method") {
            Some(Value::String(method)) => method,
            // An answer to something that was asked of the client; nothing is.
            None if message.contains_key("result") || message.contains_key("error") => {
                return Vec::new();
            }
            _ => return vec![refused(&Value::Null, code::INVALID_REQUEST, "it has no method")],
        };
        match message.remove("id") {
            None => self.notified(&method, given),
            Some(id @ (Value::String(_) | Value::Number(_))) => {
                vec![self.asked(&id, &method, given, door)]
            }
            Some(_) => {
                let why = "an id is a number or text";
                vec![refused(&Value::Null, code::INVALID_REQUEST, why)]
            }
        }
    }

    fn asked(&mut self, id: &Value, method: &str, given: Value, door: &dyn Door) -> Value {
        let answer = match (self.phase, method) {
            (Phase::Before, "initialize") => self.initialize(given),
            (Phase::Before, _) => {
                Err((code::NOT_INITIALIZED, "the first request is `initialize`".to_owned()))
            }
            (Phase::Running, "initialize") => {
                Err((code::INVALID_REQUEST, "`initialize` was sent before".to_owned()))
            }
            (Phase::Running, "shutdown") => {
                self.phase = Phase::ShutDown;
                self.store.clear();
                Ok(Value::Null)
            }
            (Phase::Running, _) => {
                let asked = Asked {
                    store: &mut self.store,
                    encoding: self.encoding,
                    versioned: self.versioned,
                    door,
                };
                requests::answer(method, given, asked)
            }
            _ => Err((code::INVALID_REQUEST, "the session was shut down".to_owned())),
        };
        match answer {
            Ok(result) => json!({ "jsonrpc": "2.0", "id": id, "result": result }),
            Err((code, message)) => refused(id, code, &message),
        }
    }

    fn initialize(&mut self, given: Value) -> requests::Answer {
        let options = given.get("initializationOptions").cloned().unwrap_or_default();
        let manual = options.get("manual").and_then(Value::as_str);
        self.manual = manual.filter(|manual| !manual.is_empty()).map(str::to_owned);
        let given: InitializeParams = requests::read(given)?;
        let general = given.capabilities.general;
        let offered = general.and_then(|general| general.position_encodings);
        self.encoding = Encoding::agreed(&offered.unwrap_or_default());
        let edits = given.capabilities.workspace.and_then(|workspace| workspace.workspace_edit);
        self.versioned = edits.and_then(|edits| edits.document_changes).unwrap_or(false);
        self.phase = Phase::Running;
        Ok(json!({
            "capabilities": requests::capabilities(self.encoding),
            "serverInfo": { "name": "casus", "version": env!("CARGO_PKG_VERSION") },
        }))
    }

    fn notified(&mut self, method: &str, given: Value) -> Vec<Value> {
        if method == "exit" {
            self.phase = Phase::Done { orderly: self.phase == Phase::ShutDown };
            return Vec::new();
        }
        if self.phase != Phase::Running {
            return Vec::new();
        }
        match method {
            "textDocument/didOpen" => noted(given).map(|given| self.open(given)),
            "textDocument/didChange" => noted(given).map(|given| self.change(given)),
            "textDocument/didClose" => noted(given).map(|given| self.close(&given)),
            "textDocument/didSave" => noted(given).map(|given| {
                let given: DidSaveTextDocumentParams = given;
                self.store
                    .get_mut(given.text_document.uri.as_str())
                    .into_iter()
                    .for_each(Open::forget);
                Vec::new()
            }),
            "workspace/didChangeWatchedFiles" => {
                // Any of them may be the annex of any agreement.
                self.store.values_mut().for_each(Open::forget);
                None
            }
            _ => None,
        }
        .unwrap_or_default()
    }

    fn open(&mut self, given: DidOpenTextDocumentParams) -> Vec<Value> {
        let document = given.text_document;
        let uri = document.uri.as_str().to_owned();
        if self.store.len() >= DOCUMENTS && !self.store.contains_key(&uri) {
            return vec![shown(&format!("more than {DOCUMENTS} documents are open; close some"))];
        }
        let open = Open::new(document.version, document.text, self.encoding);
        let aside = self.aside(&uri, &open);
        self.store.insert(uri, open);
        aside
    }

    fn change(&mut self, given: DidChangeTextDocumentParams) -> Vec<Value> {
        let uri = given.text_document.uri.as_str().to_owned();
        let Some(mut open) = self.store.remove(&uri) else { return Vec::new() };
        let before = open.is_aside();
        open.change(given.text_document.version, given.content_changes);
        let aside = if before { Vec::new() } else { self.aside(&uri, &open) };
        self.store.insert(uri, open);
        aside
    }

    /// Tells of a document that is too large.
    fn aside(&self, uri: &str, open: &Open) -> Vec<Value> {
        let message = format!("`{uri}` is too large to be read as an agreement");
        if open.is_aside() { vec![shown(&message)] } else { Vec::new() }
    }

    fn close(&mut self, given: &DidCloseTextDocumentParams) -> Vec<Value> {
        let uri = &given.text_document.uri;
        match self.store.remove(uri.as_str()) {
            Some(_) => vec![published(uri, None, Vec::new())],
            None => Vec::new(),
        }
    }

    /// What is wrong with the texts that changed since it was told.
    pub fn settle(&mut self, door: &dyn Door) -> Vec<Value> {
        let mut told = Vec::new();
        for (name, open) in self.store.iter_mut().filter(|(_, open)| open.stale) {
            open.stale = false;
            let Ok(uri) = name.parse::<Uri>() else { continue };
            let reading = open.read(name, door);
            let wrong = reading
                .map_or_else(Vec::new, |reading| told::all(&reading, &uri, self.manual.as_deref()));
            told.push(published(&uri, Some(open.version), wrong));
        }
        told
    }
}

/// What a notification gives; nothing where it does not fit, as nobody waits for an answer.
fn noted<T: DeserializeOwned>(given: Value) -> Option<T> {
    serde_json::from_value(given).ok()
}

fn published(uri: &Uri, version: Option<i32>, diagnostics: Vec<lsp_types::Diagnostic>) -> Value {
    let given = PublishDiagnosticsParams { uri: uri.clone(), diagnostics, version };
    json!({
        "jsonrpc": "2.0",
        "method": "textDocument/publishDiagnostics",
        "params": serde_json::to_value(given).unwrap_or_default(),
    })
}

/// A message for the user.
fn shown(message: &str) -> Value {
    json!({
        "jsonrpc": "2.0",
        "method": "window/showMessage",
        "params": { "type": 2, "message": message },
    })
}
