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

/// The failure that a response of this status code and body tells. Where the body is no `Status`, the words are client-go's for an answer from something
/// that is no API server.
pub fn status_error(code: u16, body: &[u8]) -> ApiError {
    if let Ok(mut status) = serde_json::from_slice::<Status>(body)
        && status.status.as_deref() == Some("Failure")
    {
        status.code.get_or_insert(code.into());
        return ApiError(Box::new(status));
    }
    let text = String::from_utf8_lossy(body);
    let text = text.trim();
    let (reason, message) = match code {
        401 => ("Unauthorized", "the server has asked for the client to provide credentials"),
        403 => ("Forbidden", if text.is_empty() { "the server does not allow access to the requested resource" } else { text }),
        404 => ("NotFound", "the server could not find the requested resource"),
        405 => ("MethodNotAllowed", "the server does not allow this method on the requested resource"),
        406 => (
            "NotAcceptable",
            if text.is_empty() { "the server was unable to respond with a content type that the client supports" } else { text },
        ),
        409 => ("Conflict", "the server reported a conflict"),
        415 => ("UnsupportedMediaType", if text.is_empty() { "the body of the request was in an unknown format" } else { text }),
        422 => ("Invalid", "the server rejected our request due to an error in our request"),
        429 => ("TooManyRequests", "the server has received too many requests and has asked us to try again later"),
        503 => ("ServiceUnavailable", "the server is currently unable to handle the request"),
        504 => ("Timeout", "the server was unable to return a response in the time allotted, but may still be processing the request"),
        500.. => {
            let message = format!("an error on the server ({text:?}) has prevented the request from succeeding");
            return ApiError::new(code, "InternalError", message);
        }
        _ => {
            let message = format!("the server responded with the status code {code} but did not return more information");
            return ApiError::new(code, "Unknown", message);
        }
    };
    ApiError::new(code, reason, message)
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
        check(503, "upstream connect error\n", (503, "ServiceUnavailable", "the server is currently unable to handle the request"));
        check(502, "", (502, "InternalError", "an error on the server (\"\") has prevented the request from succeeding"));
        check(403, "no", (403, "Forbidden", "no"));
        check(418, "", (418, "Unknown", "the server responded with the status code 418 but did not return more information"));
        // A body that happens to be an object is not a failure told by the server.
        let object = r#"{"kind":"Pod"}"#;
        check(
            500,
            object,
            (500, "InternalError", r#"an error on the server ("{\"kind\":\"Pod\"}") has prevented the request from succeeding"#),
        );
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
