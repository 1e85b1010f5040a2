//! Answers: bodies, failures as `Status`, warnings, pretty printing.

use std::convert::Infallible;
use std::io::Write;

use api::ApiError;
use axum::body::Body;
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use futures::stream;
use http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use http::{Response, StatusCode};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Status;

pub const JSON: &str = "application/json";

/// An answer with a body of some type.
pub fn content(code: StatusCode, media_type: &str, body: impl Into<Body>) -> Response<Body> {
    let mut response = Response::new(body.into());
    *response.status_mut() = code;
    if let Ok(value) = HeaderValue::from_str(media_type) {
        response.headers_mut().insert(CONTENT_TYPE, value);
    }
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-cache, private"));
    response
}

/// Bodies of this size and above are compressed for clients that read gzip, as upstream has it: below it the time is worth more than the bytes. Lists of this size are sent in
/// pieces.
pub const LARGE: usize = 128 << 10;

/// An answer for a client that reads gzip.
pub fn compressed(code: StatusCode, media_type: &str, body: Bytes) -> Response<Body> {
    if body.len() < LARGE {
        return content(code, media_type, body);
    }
    let bytes: Vec<u8> = Gzip::new(std::iter::once(body)).flatten().collect();
    with_gzip(content(code, media_type, bytes))
}

/// An answer in pieces that are made as the client takes them.
pub fn in_chunks(code: StatusCode, media_type: &str, pieces: impl Iterator<Item = Bytes> + Send + 'static, gzip: bool) -> Response<Body> {
    fn body(pieces: impl Iterator<Item = Bytes> + Send + 'static) -> Body {
        Body::from_stream(stream::iter(pieces.map(Ok::<_, Infallible>)))
    }
    if gzip { with_gzip(content(code, media_type, body(Gzip::new(pieces)))) } else { content(code, media_type, body(pieces)) }
}

fn with_gzip(mut response: Response<Body>) -> Response<Body> {
    response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    response
}

/// Pieces, compressed.
struct Gzip<I> {
    pieces: I,
    /// None when the end has been written.
    writer: Option<GzEncoder<Vec<u8>>>,
}

impl<I> Gzip<I> {
    fn new(pieces: I) -> Self {
        Self { pieces, writer: Some(GzEncoder::new(Vec::new(), Compression::fast())) }
    }
}

impl<I: Iterator<Item = Bytes>> Iterator for Gzip<I> {
    type Item = Bytes;
    fn next(&mut self) -> Option<Bytes> {
        const NEVER: &str = "memory takes what is written to it";
        loop {
            let writer = self.writer.as_mut()?;
            let Some(piece) = self.pieces.next() else {
                return self.writer.take().map(|writer| writer.finish().expect(NEVER).into());
            };
            writer.write_all(&piece).expect(NEVER);
            if !writer.get_ref().is_empty() {
                return Some(std::mem::take(writer.get_mut()).into());
            }
        }
    }
}

pub fn json(code: StatusCode, body: impl Into<Body>) -> Response<Body> {
    content(code, JSON, body)
}

pub fn text(code: StatusCode, body: impl Into<Body>) -> Response<Body> {
    content(code, "text/plain; charset=utf-8", body)
}

/// What upstream says where it answers without a `Status`.
pub fn plain(code: StatusCode, line: &str) -> Response<Body> {
    let mut response = text(code, format!("{line}\n"));
    response.headers_mut().insert("x-content-type-options", HeaderValue::from_static("nosniff"));
    response
}

/// Nothing is served at a path.
pub fn page_not_found() -> Response<Body> {
    plain(StatusCode::NOT_FOUND, "404 page not found")
}

/// A value that serde can write.
pub fn value(code: StatusCode, value: &impl serde::Serialize) -> Response<Body> {
    match serde_json::to_vec(value) {
        Ok(body) => json(code, body),
        Err(error) => failure(&ApiError::internal(error)),
    }
}

/// A `Status` as upstream encodes it.
pub fn status_json(status: &Status) -> Vec<u8> {
    serde_json::to_vec(status).expect("a Status always serializes")
}

/// A failure.
pub fn failure(error: &ApiError) -> Response<Body> {
    let code = StatusCode::from_u16(error.code()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = json(code, status_json(&error.0));
    if let Some(seconds) = error.0.details.as_ref().and_then(|details| details.retry_after_seconds).filter(|seconds| *seconds > 0) {
        response.headers_mut().insert(RETRY_AFTER, seconds.into());
    }
    response
}

/// Adds warnings for the author as `Warning: 299 - "text"` headers.
pub fn add_warnings(response: &mut Response<Body>, warnings: &[String]) {
    for warning in warnings {
        let escaped: String = warning
            .chars()
            .filter(|character| !character.is_control())
            .flat_map(|character| {
                let escape = matches!(character, '"' | '\\').then_some('\\');
                escape.into_iter().chain(std::iter::once(character))
            })
            .collect();
        if let Ok(value) = HeaderValue::from_bytes(format!("299 - \"{escaped}\"").as_bytes()) {
            response.headers_mut().append("warning", value);
        }
    }
}

/// JSON with line breaks and two blanks a level, keys in the order they stand.
pub fn pretty(json: &[u8]) -> Bytes {
    let mut out = Vec::with_capacity(json.len() * 2);
    let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
    let mut bytes = json.iter().copied().peekable();
    let line = |out: &mut Vec<u8>, depth: usize| {
        out.push(b'\n');
        out.extend(std::iter::repeat_n(b' ', depth * 2));
    };
    while let Some(byte) = bytes.next() {
        if in_text {
            out.push(byte);
            in_text = escaped || byte != b'"';
            escaped = !escaped && byte == b'\\';
            continue;
        }
        match byte {
            b'"' => {
                in_text = true;
                out.push(byte);
            }
            b'{' | b'[' => {
                out.push(byte);
                let close = if byte == b'{' { b'}' } else { b']' };
                if bytes.next_if_eq(&close).is_some() {
                    out.push(close);
                } else {
                    depth += 1;
                    line(&mut out, depth);
                }
            }
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                line(&mut out, depth);
                out.push(byte);
            }
            b',' => {
                out.push(byte);
                line(&mut out, depth);
            }
            b':' => out.extend_from_slice(b": "),
            b' ' | b'\n' | b'\t' | b'\r' => {}
            _ => out.push(byte),
        }
    }
    out.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pretty_printing_keeps_order_and_text() {
        let got = pretty(br#"{"b":[1,{"x":"a:\"{,"}],"a":{},"c":[]}"#);
        assert_eq!(got, "{\n  \"b\": [\n    1,\n    {\n      \"x\": \"a:\\\"{,\"\n    }\n  ],\n  \"a\": {},\n  \"c\": []\n}");
    }
}
