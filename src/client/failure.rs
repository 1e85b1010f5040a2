//! Failures of a request as the API's `Status`, whatever layer they come from.

use api::ApiError;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{Status, StatusCause, StatusDetails};

/// The API's failure behind a kube error. A failure below HTTP becomes a 503 `ServiceUnavailable` that carries its chain of causes.
pub fn api_error(error: &kube::Error) -> ApiError {
    match error {
        kube::Error::Api(status) => from_kube(status),
        other => ApiError::new(503, "ServiceUnavailable", chain(other)),
    }
}

/// The failure that a response of this status code and body tells. A body that is no `Status` becomes the message.
pub fn status_error(code: u16, body: &[u8]) -> ApiError {
    match serde_json::from_slice::<Status>(body) {
        Ok(mut status) if status.status.as_deref() == Some("Failure") => {
            status.code.get_or_insert(code.into());
            ApiError(Box::new(status))
        }
        _ => {
            let text = String::from_utf8_lossy(body);
            let text = text.trim();
            let reason = match code {
                401 => "Unauthorized",
                403 => "Forbidden",
                404 => "NotFound",
                405 => "MethodNotAllowed",
                409 => "Conflict",
                410 => "Gone",
                422 => "Invalid",
                429 => "TooManyRequests",
                503 => "ServiceUnavailable",
                504 => "Timeout",
                _ => "InternalError",
            };
            ApiError::new(
                code,
                reason,
                if text.is_empty() { format!("the server answered with status code {code}") } else { text.to_owned() },
            )
        }
    }
}

/// True where a watch cannot go on from its resource version and the state must be listed anew.
pub fn is_gone(error: &ApiError) -> bool {
    error.code() == 410 || matches!(error.reason(), "Gone" | "Expired")
}

fn from_kube(status: &kube::core::Status) -> ApiError {
    let some = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
    let mut error = ApiError::new(status.code, &status.reason, &status.message);
    error.0.metadata = status.metadata.clone().unwrap_or_default();
    error.0.details = status.details.as_ref().map(|details| StatusDetails {
        name: some(&details.name),
        group: some(&details.group),
        kind: some(&details.kind),
        uid: some(&details.uid),
        retry_after_seconds: i32::try_from(details.retry_after_seconds).ok().filter(|seconds| *seconds > 0),
        causes: Some(
            details
                .causes
                .iter()
                .map(|cause| StatusCause { reason: some(&cause.reason), message: some(&cause.message), field: some(&cause.field) })
                .collect::<Vec<_>>(),
        )
        .filter(|causes| !causes.is_empty()),
    });
    error
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text.push_str(": ");
            text.push_str(&cause_text);
        }
        source = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(code: u16, body: &str, expected: (u16, &str, &str)) {
        let error = status_error(code, body.as_bytes());
        assert_eq!((error.code(), error.reason(), error.message()), expected);
    }

    #[test]
    fn bodies_become_failures() {
        check(
            409,
            r#"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"pods \"a\" already exists","reason":"AlreadyExists","code":409}"#,
            (409, "AlreadyExists", "pods \"a\" already exists"),
        );
        check(503, "upstream connect error\n", (503, "ServiceUnavailable", "upstream connect error"));
        check(502, "", (502, "InternalError", "the server answered with status code 502"));
        // A body that happens to be an object is not a failure told by the server.
        check(500, r#"{"kind":"Pod"}"#, (500, "InternalError", r#"{"kind":"Pod"}"#));
    }

    #[test]
    fn kube_errors_keep_what_the_server_said() {
        let status = kube::core::Status {
            status: None,
            code: 404,
            message: "pods \"a\" not found".into(),
            metadata: None,
            reason: "NotFound".into(),
            details: Some(kube::core::response::StatusDetails {
                name: "a".into(),
                group: String::new(),
                kind: "pods".into(),
                uid: String::new(),
                causes: Vec::new(),
                retry_after_seconds: 0,
            }),
        };
        let error = api_error(&kube::Error::Api(status.boxed()));
        assert_eq!(error, ApiError::not_found("", "pods", "a"));
        let below = api_error(&kube::Error::Service("connection refused".into()));
        assert_eq!((below.code(), below.message()), (503, "ServiceError: connection refused"));
    }

    #[test]
    fn only_a_lost_revision_asks_for_a_new_list() {
        assert!(is_gone(&ApiError::new(410, "Expired", "too old resource version")));
        assert!(!is_gone(&ApiError::not_found("", "pods", "a")));
    }
}
