//! Our binary, through its command line only.
#![allow(dead_code, reason = "each test uses its part")]

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::refusal::Refusal;
use super::server::bare_environment;

/// What the linter says about a configuration.
pub(crate) struct Answer {
    /// What it foretells; `None` when httpd will accept.
    pub(crate) refusal: Option<Refusal>,
    /// Every finding, as one line.
    pub(crate) findings: Vec<String>,
}

/// Runs `httpd-lint check` as on the server itself. What is no answer is described.
pub(crate) fn check(main: &Path, root: &Path, arguments: &[String]) -> Result<Answer, String> {
    let output = Command::new(env!("CARGO_BIN_EXE_httpd-lint"))
        .arg("check")
        .arg(main)
        .args([
            "--host",
            "--facts",
            "debian-12",
            "--format",
            "json",
            "--fail-on",
            "error",
        ])
        .arg("--server-root")
        .arg(root)
        .args(arguments)
        .env_clear()
        .envs(bare_environment())
        .stdin(Stdio::null())
        .output()
        .map_err(|it| it.to_string())?;
    let code = output.status.code();
    let json: Value = serde_json::from_slice(&output.stdout).map_err(|it| {
        let stderr = String::from_utf8_lossy(&output.stderr);
        format!("no JSON ({it}), exit {code:?}: {}", stderr.trim())
    })?;
    let answer = Answer::read(&json)?;
    let refused = answer.refusal.is_some();
    match code {
        Some(0) if !refused => Ok(answer),
        Some(1) if refused => Ok(answer),
        _ => Err(format!(
            "exit {code:?}, and `first` foretells {}",
            verdict(refused)
        )),
    }
}

fn verdict(refused: bool) -> &'static str {
    if refused { "a refusal" } else { "no refusal" }
}

/// What httpd and the linter say of a configuration, when they do not say the same.
pub(crate) fn disagreement(
    theirs: Option<&Refusal>,
    ours: &Result<Answer, String>,
) -> Option<String> {
    let said = |it: Option<&Refusal>| it.map_or("Syntax OK".to_owned(), Refusal::to_string);
    let ours = match ours {
        Err(failure) => failure.clone(),
        Ok(answer) => match (theirs, &answer.refusal) {
            (None, None) => return None,
            (Some(theirs), Some(ours)) if theirs.is_foretold_by(ours) => return None,
            (_, ours) => said(ours.as_ref()),
        },
    };
    Some(format!("  httpd: {}\n  lint:  {ours}", said(theirs)))
}

impl Answer {
    fn read(json: &Value) -> Result<Self, String> {
        let diagnostics = json["diagnostics"].as_array().ok_or("no `diagnostics`")?;
        let mut answer = Self {
            refusal: None,
            findings: Vec::new(),
        };
        for it in diagnostics {
            let finding = format!(
                "{} {} {}:{}: {}",
                text(&it["level"]),
                text(&it["rule"]),
                text(&it["file"]),
                it["line"],
                text(&it["message"]),
            );
            // An error is what httpd refuses: the two say the same of every finding.
            if (it["level"] == "error") == it["httpd"].is_null() {
                return Err(format!("level and `httpd` disagree: {finding}"));
            }
            if it["first"] == true && answer.refusal.replace(refusal(&it["httpd"])).is_some() {
                return Err("two findings are `first`".to_owned());
            }
            answer.findings.push(finding);
        }
        if answer.refusal.is_none() && diagnostics.iter().any(|it| it["level"] == "error") {
            return Err(format!(
                "errors, and none is `first`: {}",
                answer.findings.join("; ")
            ));
        }
        Ok(answer)
    }
}

fn refusal(httpd: &Value) -> Refusal {
    Refusal {
        phase: httpd["phase"].as_u64(),
        file: httpd["file"].as_str().map(str::to_owned),
        line: httpd["line"].as_u64(),
        message: text(&httpd["message"]).to_owned(),
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or("")
}
