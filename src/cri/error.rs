//! What a call to the runtime can fail with, worded as a gRPC status is in Go, because that text reaches users in Events and statuses.

use std::path::PathBuf;
use std::time::Duration;

pub use tonic::Code;

/// The answer of a call to the runtime.
pub type Result<T> = std::result::Result<T, Error>;

/// A failed call to the runtime.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// The address is not one of a unix socket.
    #[error("invalid container runtime endpoint {0:?}: expected unix:///path/to.sock")]
    Endpoint(String),
    /// Nothing answers on the socket.
    #[error("connecting to the container runtime at {}: {message}", socket.display())]
    Connect { socket: PathBuf, message: String },
    /// The runtime answered with a failure.
    #[error("rpc error: code = {} desc = {message}", code_name(*code))]
    Status { act: &'static str, code: Code, message: String },
    /// No answer in time.
    #[error("rpc error: code = DeadlineExceeded desc = {act}: no answer within {after:?}")]
    Timeout { act: &'static str, after: Duration },
    /// The answer lacks a field that CRI requires.
    #[error("{act}: the runtime's answer lacks {field}")]
    Incomplete { act: &'static str, field: &'static str },
}

impl Error {
    pub(crate) fn status(act: &'static str, status: &tonic::Status) -> Self {
        Self::Status { act, code: status.code(), message: status.message().to_owned() }
    }
    /// The gRPC code; a failed connection counts as `Unavailable`.
    pub fn code(&self) -> Code {
        match self {
            Self::Endpoint(_) => Code::InvalidArgument,
            Self::Connect { .. } => Code::Unavailable,
            Self::Status { code, .. } => *code,
            Self::Timeout { .. } => Code::DeadlineExceeded,
            Self::Incomplete { .. } => Code::Internal,
        }
    }
    pub fn is_not_found(&self) -> bool {
        self.code() == Code::NotFound
    }
    pub fn is_already_exists(&self) -> bool {
        self.code() == Code::AlreadyExists
    }
    /// The runtime is not there at the moment; the same call may work later.
    pub fn is_unavailable(&self) -> bool {
        self.code() == Code::Unavailable
    }
    /// The runtime's own words, without the code.
    pub fn description(&self) -> String {
        match self {
            Self::Status { message, .. } => message.clone(),
            other => other.to_string(),
        }
    }
}

/// A code as Go's grpc names it.
fn code_name(code: Code) -> &'static str {
    match code {
        Code::Ok => "OK",
        Code::Cancelled => "Canceled",
        Code::Unknown => "Unknown",
        Code::InvalidArgument => "InvalidArgument",
        Code::DeadlineExceeded => "DeadlineExceeded",
        Code::NotFound => "NotFound",
        Code::AlreadyExists => "AlreadyExists",
        Code::PermissionDenied => "PermissionDenied",
        Code::ResourceExhausted => "ResourceExhausted",
        Code::FailedPrecondition => "FailedPrecondition",
        Code::Aborted => "Aborted",
        Code::OutOfRange => "OutOfRange",
        Code::Unimplemented => "Unimplemented",
        Code::Internal => "Internal",
        Code::Unavailable => "Unavailable",
        Code::DataLoss => "DataLoss",
        Code::Unauthenticated => "Unauthenticated",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worded_as_go_words_it() {
        let error = Error::status("pull image", &tonic::Status::not_found("no such image"));
        assert_eq!(error.to_string(), "rpc error: code = NotFound desc = no such image");
        assert!(error.is_not_found());
        assert_eq!(error.description(), "no such image");
    }
}
