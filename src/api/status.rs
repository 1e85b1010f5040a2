//! Failures of the API as Kubernetes' `Status`: one constructor an act, with the code, reason, words and details of upstream's `apierrors`.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ListMeta, Status, StatusCause, StatusDetails};

use crate::field::{ErrorList, FieldError};

/// An API failure. It is a `Status` of which `code`, `reason` and `message` are always set.
#[derive(Clone, Debug, PartialEq)]
pub struct ApiError(pub Box<Status>);

impl ApiError {
    pub fn new(code: u16, reason: &str, message: impl Into<String>) -> Self {
        Self(Box::new(Status {
            code: Some(code.into()),
            reason: Some(reason.to_owned()).filter(|reason| !reason.is_empty()),
            message: Some(message.into()),
            status: Some("Failure".to_owned()),
            metadata: ListMeta::default(),
            details: None,
        }))
    }
    fn on(mut self, group: &str, resource_or_kind: &str, name: &str) -> Self {
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        self.0.details = Some(StatusDetails { group: some(group), kind: some(resource_or_kind), name: some(name), ..Default::default() });
        self
    }
    /// HTTP status code.
    pub fn code(&self) -> u16 {
        self.0.code.and_then(|code| u16::try_from(code).ok()).unwrap_or(500)
    }
    pub fn reason(&self) -> &str {
        self.0.reason.as_deref().unwrap_or_default()
    }
    pub fn message(&self) -> &str {
        self.0.message.as_deref().unwrap_or_default()
    }
    /// `pods "x" not found`; `deployments.apps "x" not found`.
    pub fn not_found(group: &str, resource: &str, name: &str) -> Self {
        Self::new(404, "NotFound", format!("{} \"{name}\" not found", qualified(group, resource))).on(group, resource, name)
    }
    /// The path itself is unknown.
    pub fn no_such_resource() -> Self {
        let mut error = Self::new(404, "NotFound", "the server could not find the requested resource");
        error.0.details = Some(StatusDetails::default());
        error
    }
    /// `pods "x" already exists`.
    pub fn already_exists(group: &str, resource: &str, name: &str) -> Self {
        Self::new(409, "AlreadyExists", format!("{} \"{name}\" already exists", qualified(group, resource))).on(group, resource, name)
    }
    /// `Operation cannot be fulfilled on pods "x": ...`.
    pub fn conflict(group: &str, resource: &str, name: &str, why: &str) -> Self {
        Self::new(409, "Conflict", format!("Operation cannot be fulfilled on {} \"{name}\": {why}", qualified(group, resource)))
            .on(group, resource, name)
    }
    /// [`Self::conflict`] for a resourceVersion that is not the newest.
    pub fn modified(group: &str, resource: &str, name: &str) -> Self {
        Self::conflict(group, resource, name, "the object has been modified; please apply your changes to the latest version and try again")
    }
    /// 422 with a cause a fault: `Pod "x" is invalid: spec.containers: Required value`.
    pub fn invalid(group: &str, kind: &str, name: &str, errors: &ErrorList) -> Self {
        let message = format!("{} \"{name}\" is invalid: {}", qualified(group, kind), aggregate(errors));
        let mut error = Self::new(422, "Invalid", message).on(group, kind, name);
        if let Some(details) = &mut error.0.details {
            details.causes = Some(errors.iter().map(cause).collect());
        }
        error
    }
    /// 422 for a well-formed patch that does not fit the object. Upstream gives no detail.
    pub fn unprocessable() -> Self {
        let mut error = Self::new(422, "Invalid", "the server rejected our request due to an error in our request");
        error.0.details = Some(StatusDetails::default());
        error
    }
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::new(400, "BadRequest", message)
    }
    pub fn unauthorized() -> Self {
        Self::new(401, "Unauthorized", "Unauthorized")
    }
    /// `pods "x" is forbidden: why`.
    pub fn forbidden(group: &str, resource: &str, name: &str, why: &str) -> Self {
        let what = if resource.is_empty() {
            "forbidden".to_owned()
        } else if name.is_empty() {
            format!("{} is forbidden", qualified(group, resource))
        } else {
            format!("{} \"{name}\" is forbidden", qualified(group, resource))
        };
        Self::new(403, "Forbidden", format!("{what}: {why}")).on(group, resource, name)
    }
    pub fn method_not_allowed() -> Self {
        let mut error = Self::new(405, "MethodNotAllowed", "the server does not allow this method on the requested resource");
        error.0.details = Some(StatusDetails::default());
        error
    }
    pub fn not_acceptable(accepted: &[&str]) -> Self {
        Self::new(406, "NotAcceptable", format!("only the following media types are accepted: {}", accepted.join(", ")))
    }
    pub fn unsupported_media_type(accepted: &[&str]) -> Self {
        Self::new(
            415,
            "UnsupportedMediaType",
            format!("the body of the request was in an unknown format - accepted media types include: {}", accepted.join(", ")),
        )
    }
    /// 410: the resourceVersion is older than what is kept.
    pub fn expired(message: impl Into<String>) -> Self {
        Self::new(410, "Expired", message)
    }
    pub fn too_large(message: impl Into<String>) -> Self {
        Self::new(413, "RequestEntityTooLarge", message)
    }
    pub fn internal(message: impl std::fmt::Display) -> Self {
        let mut error = Self::new(500, "InternalError", format!("Internal error occurred: {message}"));
        error.0.details = Some(StatusDetails {
            causes: Some(vec![StatusCause { message: Some(message.to_string()), ..Default::default() }]),
            ..Default::default()
        });
        error
    }
    /// 500 without a reason: what upstream answers for an error that is no Status.
    pub fn internal_plain(message: impl Into<String>) -> Self {
        Self::new(500, "", message)
    }
    pub fn too_many_requests(message: impl Into<String>, retry_after_seconds: i32) -> Self {
        let mut error = Self::new(429, "TooManyRequests", message);
        let retry_after_seconds = Some(retry_after_seconds).filter(|seconds| *seconds != 0);
        error.0.details = Some(StatusDetails { retry_after_seconds, ..Default::default() });
        error
    }
    pub fn service_unavailable(message: impl Into<String>) -> Self {
        Self::new(503, "ServiceUnavailable", message)
    }
    pub fn timeout(message: impl Into<String>) -> Self {
        Self::new(504, "Timeout", message)
    }
}

/// `pods`, `deployments.apps`.
pub fn qualified(group: &str, resource: &str) -> String {
    if group.is_empty() { resource.to_owned() } else { format!("{resource}.{group}") }
}

fn cause(error: &FieldError) -> StatusCause {
    StatusCause { reason: Some(error.kind.reason().to_owned()), message: Some(error.message()), field: Some(error.path.to_string()) }
}

/// One fault plain, several as `[a, b]`, equal ones once: upstream's aggregate.
pub(crate) fn aggregate(errors: &ErrorList) -> String {
    let mut texts: Vec<String> = Vec::new();
    for text in errors.iter().map(ToString::to_string) {
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    if texts.len() == 1 { texts.remove(0) } else { format!("[{}]", texts.join(", ")) }
}

impl std::fmt::Display for ApiError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.message())
    }
}
impl std::error::Error for ApiError {}
