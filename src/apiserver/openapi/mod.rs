//! OpenAPI: what kubectl reads to explain types and to check manifests.

use axum::body::Body;
use http::{HeaderMap, Response};

use crate::request::Query;

/// The answer at a path, where it is one of OpenAPI's.
pub fn answer(_path: &str, _headers: &HeaderMap, _query: &Query, _git_version: &str) -> Option<Response<Body>> {
    None
}
