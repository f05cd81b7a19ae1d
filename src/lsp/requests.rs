//! From the name of a question to the feature that answers it.

use std::path::Path;

use lsp_server::{ErrorCode, Message, Request, RequestId};
use lsp_types::{
    CodeActionRequest, CodeLensRequest, CompletionRequest, DefinitionRequest, Diagnostic,
    DocumentDiagnosticReport, DocumentDiagnosticRequest, DocumentFormattingRequest,
    DocumentHighlightRequest, DocumentLinkRequest, DocumentRangeFormattingRequest,
    DocumentSymbolRequest, FoldingRangeRequest, FullDocumentDiagnosticReport, HoverRequest,
    InlayHintRequest, PrepareRenameRequest, ReferencesRequest, RelatedFullDocumentDiagnosticReport,
    RenameRequest, Request as Kind, SelectionRangeRequest, SemanticTokensRangeRequest,
    SemanticTokensRequest,
};
use serde_json::Value;

use super::findings::{Findings, shown};
use super::transport::failure;
use super::view::{Failed, View, Whole};
use super::{
    actions, commands, completion, formatting, hints, hover, links, outline, references, tokens,
};
use crate::source::FileId;

/// The answer to a question about the file at a path.
///
/// # Errors
/// Why there is none.
pub(super) fn of_file(
    whole: Whole<'_>,
    findings: &Findings,
    path: &Path,
    request: &Request,
) -> Result<Value, Failed> {
    let question = Question {
        whole,
        path,
        request,
    };
    match request.method.as_str() {
        "textDocument/codeAction" => {
            question.answer::<CodeActionRequest>(|view, it| actions::actions(view, findings, &it))
        }
        "textDocument/codeLens" => {
            question.answer::<CodeLensRequest>(|view, _| Ok(Some(hints::lenses(view))))
        }
        "textDocument/completion" => question.answer::<CompletionRequest>(|view, it| {
            completion::completion(view, it.text_document_position_params.position)
        }),
        "textDocument/definition" => question.answer::<DefinitionRequest>(|view, it| {
            references::definition(view, it.text_document_position_params.position)
        }),
        "textDocument/diagnostic" => {
            question.answer::<DocumentDiagnosticRequest>(|view, _| Ok(report(view, findings, path)))
        }
        "textDocument/documentHighlight" => {
            question.answer::<DocumentHighlightRequest>(|view, it| {
                references::highlight(view, it.text_document_position_params.position)
            })
        }
        "textDocument/documentLink" => {
            question.answer::<DocumentLinkRequest>(|view, _| Ok(Some(links::links(view))))
        }
        "textDocument/documentSymbol" => {
            question.answer::<DocumentSymbolRequest>(|view, _| Ok(Some(outline::symbols(view))))
        }
        "textDocument/foldingRange" => {
            question.answer::<FoldingRangeRequest>(|view, _| Ok(Some(outline::folding(view))))
        }
        "textDocument/formatting" => question.answer::<DocumentFormattingRequest>(|view, it| {
            let all = 0..view.text().len();
            Ok(Some(formatting::format(view, &it.options, all)))
        }),
        "textDocument/hover" => question.answer::<HoverRequest>(|view, it| {
            hover::hover(view, it.text_document_position_params.position)
        }),
        "textDocument/inlayHint" => question.answer::<InlayHintRequest>(|view, it| {
            let range = view.bytes(it.range)?;
            Ok(Some(hints::hints(view, range)))
        }),
        "textDocument/prepareRename" => question.answer::<PrepareRenameRequest>(|view, it| {
            references::prepare_rename(view, it.text_document_position_params.position)
        }),
        "textDocument/rangeFormatting" => {
            question.answer::<DocumentRangeFormattingRequest>(|view, it| {
                let range = view.bytes(it.range)?;
                Ok(Some(formatting::format(view, &it.options, range)))
            })
        }
        "textDocument/references" => question.answer::<ReferencesRequest>(|view, it| {
            let position = it.text_document_position_params.position;
            references::references(view, position, it.context.include_declaration)
        }),
        "textDocument/rename" => question.answer::<RenameRequest>(|view, it| {
            let position = it.text_document_position_params.position;
            references::rename(view, position, &it.new_name)
        }),
        "textDocument/selectionRange" => question.answer::<SelectionRangeRequest>(|view, it| {
            let all = it.positions.iter().map(|position| {
                let offset = view.offset(*position)?;
                Ok(outline::selection(view, offset))
            });
            all.collect::<Result<Vec<_>, Failed>>().map(Some)
        }),
        "textDocument/semanticTokens/full" => {
            question.answer::<SemanticTokensRequest>(|view, _| {
                Ok(Some(tokens::tokens(view, 0..view.text().len())))
            })
        }
        "textDocument/semanticTokens/range" => {
            question.answer::<SemanticTokensRangeRequest>(|view, it| {
                let range = view.bytes(it.range)?;
                Ok(Some(tokens::tokens(view, range)))
            })
        }
        _ => Err(Failed::Unknown),
    }
}

/// The part of an answer that a tree knows as a whole: a list, or nothing.
///
/// # Errors
/// Why there is none.
pub(super) fn of_tree(
    whole: Whole<'_>,
    findings: &Findings,
    request: &Request,
) -> Result<Value, Failed> {
    match request.method.as_str() {
        "workspace/diagnostic" => Ok(everywhere(whole, findings)),
        commands::INCLUDES => Ok(commands::includes(whole)),
        commands::REQUEST => {
            let url = request.params.pointer("/arguments/1");
            commands::request(whole, url.and_then(Value::as_str).unwrap_or_default())
        }
        "workspace/symbol" => {
            let query = request.params["query"].as_str().unwrap_or_default();
            let symbols = outline::workspace_symbols(whole, query);
            Ok(serde_json::to_value(symbols).unwrap_or_default())
        }
        _ => Err(Failed::Unknown),
    }
}

/// The answer to a question that fails.
pub(super) fn failed(id: RequestId, method: &str, failed: Failed) -> Message {
    match failed {
        Failed::Parameters(message) => failure(id, ErrorCode::InvalidParams, message),
        Failed::Refused(message) => failure(id, ErrorCode::RequestFailed, message),
        Failed::Unknown => {
            let message = format!("nobody answers {method}");
            failure(id, ErrorCode::MethodNotFound, message)
        }
        Failed::Broken => {
            let message = format!("{method}: httpd-lint failed");
            failure(id, ErrorCode::InternalError, message)
        }
    }
}

struct Question<'v> {
    whole: Whole<'v>,
    path: &'v Path,
    request: &'v Request,
}

impl<'v> Question<'v> {
    // Reads the parameters, answers, and writes the result. A file that is not part of the tree any
    // more has no answer.
    fn answer<K: Kind>(
        &self,
        answer: impl FnOnce(&View<'v>, K::Params) -> Result<K::Result, Failed>,
    ) -> Result<Value, Failed> {
        let parameters = serde_json::from_value(self.request.params.clone())
            .map_err(|_| Failed::Parameters("the parameters have another form"))?;
        let file = self.whole.files_at(self.path).next();
        let Some(view) = file.and_then(|it| self.whole.view(it)) else {
            return Ok(Value::Null);
        };
        let result = answer(&view, parameters)?;
        Ok(serde_json::to_value(result).unwrap_or_default())
    }
}

/// What is found in the file at a path under all its names, each finding once.
pub(super) fn shown_at(
    whole: Whole<'_>,
    findings: &Findings,
    path: &Path,
    shown: impl Fn(Whole<'_>, FileId, &[crate::diagnostic::Diagnostic]) -> Vec<Diagnostic>,
) -> Vec<Diagnostic> {
    let mut all: Vec<Diagnostic> = Vec::new();
    for file in whole.files_at(path) {
        for finding in shown(whole, file, findings.of(file)) {
            let is_same = |it: &Diagnostic| {
                it.range == finding.range
                    && it.code == finding.code
                    && it.message == finding.message
            };
            if !all.iter().any(is_same) {
                all.push(finding);
            }
        }
    }
    all
}

fn report(view: &View<'_>, findings: &Findings, path: &Path) -> DocumentDiagnosticReport {
    let items = shown_at(view.whole, findings, path, shown);
    let report = FullDocumentDiagnosticReport {
        result_id: None,
        items,
    };
    RelatedFullDocumentDiagnosticReport {
        related_documents: None,
        full_document_diagnostic_report: report,
    }
    .into()
}

// The findings of all files, for a client that asks for them.
fn everywhere(whole: Whole<'_>, findings: &Findings) -> Value {
    let mut items = Vec::new();
    for file in findings.files() {
        let Some(uri) = whole.uri(file) else { continue };
        let version = whole.opened(file).map(|it| it.version);
        items.push(serde_json::json!({
            "kind": "full",
            "uri": uri,
            "version": version,
            "items": shown(whole, file, findings.of(file)),
        }));
    }
    items.into()
}
