//! Messages on their way in and out.
//!
//! What comes in may be anything. A text that is no message is answered and passed over, so reading
//! goes on behind it; that is why the frames are read here and not by `lsp-server`, which ends
//! with the first one that it does not understand.

use std::io::{self, BufRead, Read, Write};

use lsp_server::{ErrorCode, Message, RequestId, Response};
use serde_json::{Value, json};

/// What came in.
#[derive(Debug)]
pub(super) enum Received {
    /// A message.
    Message(Message),
    /// Something else, and the answer to it.
    Refused(Value),
}

/// The next thing that comes in; `None` at the end of the input.
///
/// # Errors
/// The input cannot be read.
pub(super) fn read(input: &mut dyn BufRead) -> io::Result<Option<Received>> {
    let mut length = None;
    loop {
        let mut line = Vec::new();
        if input.read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        let line = String::from_utf8_lossy(&line);
        let line = line.trim();
        if line.is_empty() {
            match length.take() {
                Some(length) => return Ok(Some(read_body(input, length)?)),
                // What is between two messages is not worth an answer of its own.
                None => continue,
            }
        }
        let Some((name, value)) = line.split_once(':') else {
            return Ok(Some(refused(ErrorCode::ParseError, None, "no header")));
        };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse::<u64>().ok();
            if length.is_none() {
                let message = "the content has no length";
                return Ok(Some(refused(ErrorCode::ParseError, None, message)));
            }
        }
    }
}

fn read_body(input: &mut dyn BufRead, length: u64) -> io::Result<Received> {
    // The length is what the client says; nothing is set aside for it before it is there.
    let mut body = Vec::new();
    input.take(length).read_to_end(&mut body)?;
    let value: Value = match serde_json::from_slice(&body) {
        Ok(value) => value,
        Err(error) => return Ok(refused(ErrorCode::ParseError, None, &error.to_string())),
    };
    let id = value.get("id").cloned();
    let is_versioned = value.get("jsonrpc").and_then(Value::as_str) == Some("2.0");
    if !is_versioned {
        let message = "not a message of JSON-RPC 2.0";
        return Ok(refused(ErrorCode::InvalidRequest, id, message));
    }
    // Other ids could not be told apart from none.
    if id.as_ref().is_some_and(|it| !is_id(it)) {
        let message = "an id is a text or a number of 32 bits";
        return Ok(refused(ErrorCode::InvalidRequest, id, message));
    }
    match serde_json::from_value(value) {
        Ok(message) => Ok(Received::Message(message)),
        Err(_) => {
            let message = "neither a request, nor a notification, nor a response";
            Ok(refused(ErrorCode::InvalidRequest, id, message))
        }
    }
}

fn is_id(id: &Value) -> bool {
    serde_json::from_value::<RequestId>(id.clone()).is_ok()
}

fn refused(code: ErrorCode, id: Option<Value>, message: &str) -> Received {
    Received::Refused(json!({
        "jsonrpc": "2.0",
        "id": id,
        "error": {"code": code as i32, "message": message},
    }))
}

/// Writes a message, or any other text.
///
/// # Errors
/// Nobody reads any more.
pub(super) fn write(out: &mut dyn Write, value: &Value) -> io::Result<()> {
    let text = value.to_string();
    write!(out, "Content-Length: {}\r\n\r\n{text}", text.len())?;
    out.flush()
}

/// A message as it is written.
pub(super) fn envelope(message: &Message) -> Value {
    let mut value = serde_json::to_value(message).unwrap_or_default();
    value["jsonrpc"] = "2.0".into();
    value
}

/// The answer to a request that fails.
pub(super) fn failure(id: RequestId, code: ErrorCode, message: impl Into<String>) -> Message {
    Response::new_err(id, code as i32, message.into()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn received(bytes: &str) -> Vec<Received> {
        let mut input = bytes.as_bytes();
        std::iter::from_fn(|| read(&mut input).unwrap()).collect()
    }

    fn frame(body: &str) -> String {
        format!("Content-Length: {}\r\n\r\n{body}", body.len())
    }

    fn code(received: &Received) -> Option<i64> {
        match received {
            Received::Refused(answer) => answer["error"]["code"].as_i64(),
            Received::Message(_) => None,
        }
    }

    #[test]
    fn what_is_no_message_is_refused_and_the_next_one_is_read() {
        let good = r#"{"jsonrpc":"2.0","method":"exit"}"#;
        let cases = [
            ("{", -32700),
            ("[]", -32600),
            ("{}", -32600),
            (r#"{"jsonrpc":"2.0","id":null,"method":"x"}"#, -32600),
            (r#"{"jsonrpc":"2.0","id":1.5,"method":"x"}"#, -32600),
            (r#"{"jsonrpc":"2.0","id":1}"#, -32600),
            (r#"{"jsonrpc":"1.0","method":"exit"}"#, -32600),
        ];
        for (body, expected) in cases {
            let all = received(&(frame(body) + &frame(good)));
            assert_eq!(code(&all[0]), Some(expected), "{body}");
            assert!(matches!(all[1], Received::Message(_)), "{body}");
        }
    }

    #[test]
    fn a_header_that_is_none_is_refused_once() {
        let all = received(&format!(
            "nonsense\r\n{}",
            frame(r#"{"jsonrpc":"2.0","method":"x"}"#)
        ));
        assert_eq!(all.len(), 2);
        assert_eq!(code(&all[0]), Some(-32700));
    }

    #[test]
    fn a_length_that_is_too_large_takes_what_is_there() {
        let all = received("Content-Length: 18446744073709551615\r\n\r\n{}");
        assert_eq!(all.len(), 1);
        assert_eq!(code(&all[0]), Some(-32600));
    }
}
