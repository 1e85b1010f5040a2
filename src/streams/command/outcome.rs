//! How a command ended, and the `Status` that says so on the error stream since version 4 of the protocol.

use serde_json::{Value, json};

/// How a command ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Success,
    /// It ran and said something else than 0; `message` is what the runtime said about it.
    Exited {
        code: u8,
        message: String,
    },
    /// It did not run, or could not be followed to its end.
    Failed {
        message: String,
    },
}

impl Outcome {
    /// For an exit code, in the kubelet's words.
    pub fn exited(code: i32) -> Self {
        match u8::try_from(code) {
            Ok(0) => Self::Success,
            // upstream takes codes as eight bits; a runtime knows no others
            code => {
                let code = code.unwrap_or(255);
                Self::Exited { code, message: format!("command terminated with non-zero exit code: exit status {code}") }
            }
        }
    }

    /// For a command that could not be run, in the kubelet's words.
    pub fn internal_error(error: &str) -> Self {
        Self::Failed { message: format!("Internal error occurred: {error}") }
    }

    /// The `Status` as upstream's kubelet encodes it.
    pub fn to_status(&self) -> String {
        let status = match self {
            Self::Success => json!({"metadata": {}, "status": "Success"}),
            Self::Exited { code, message } => json!({
                "metadata": {}, "status": "Failure", "message": message, "reason": "NonZeroExitCode",
                "details": {"causes": [{"reason": "ExitCode", "message": code.to_string()}]},
            }),
            Self::Failed { message } => {
                let cause = message.strip_prefix("Internal error occurred: ").unwrap_or(message);
                json!({
                    "metadata": {}, "status": "Failure", "message": message, "reason": "InternalError",
                    "details": {"causes": [{"message": cause}]}, "code": 500,
                })
            }
        };
        status.to_string()
    }

    /// What came on the error stream before version 4: nothing, or the error's text.
    pub fn to_text(&self) -> &str {
        match self {
            Self::Success => "",
            Self::Exited { message, .. } | Self::Failed { message } => message,
        }
    }

    /// Reads a `Status`; the errors are client-go's.
    pub fn from_status(bytes: &[u8]) -> Self {
        let failed = |message: String| Self::Failed { message };
        let status: Value = match serde_json::from_slice(bytes) {
            Ok(status) => status,
            Err(error) => return failed(format!("error stream protocol error: {error} in {:?}", String::from_utf8_lossy(bytes))),
        };
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        match status["status"].as_str() {
            Some("Success") => Self::Success,
            Some("Failure") if status["reason"] == "NonZeroExitCode" => {
                let Some(details) = status.get("details") else {
                    return failed("error stream protocol error: details must be set".to_owned());
                };
                let causes = details["causes"].as_array().map(Vec::as_slice).unwrap_or_default();
                let Some(cause) = causes.iter().find(|cause| cause["reason"] == "ExitCode") else {
                    return failed("error stream protocol error: no ExitCode cause given".to_owned());
                };
                let code = text(&cause["message"]);
                match code.parse() {
                    Ok(code) => Self::Exited { code, message: text(&status["message"]) },
                    Err(_) => failed(format!("error stream protocol error: invalid exit code value {code:?}")),
                }
            }
            Some("Failure") => failed(text(&status["message"])),
            _ => failed("error stream protocol error: unknown error".to_owned()),
        }
    }

    /// Reads the text of before version 4; client-go's words.
    pub fn from_text(bytes: &[u8]) -> Self {
        if bytes.is_empty() {
            return Self::Success;
        }
        Self::Failed { message: format!("error executing remote command: {}", String::from_utf8_lossy(bytes)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(outcome: &Outcome, expected: &str) {
        let status: Value = serde_json::from_str(&outcome.to_status()).unwrap();
        assert_eq!(status, serde_json::from_str::<Value>(expected).unwrap());
        assert_eq!(&Outcome::from_status(expected.as_bytes()), outcome);
    }

    #[test]
    fn statuses() {
        check(&Outcome::Success, r#"{"metadata":{},"status":"Success"}"#);
        check(
            &Outcome::exited(3),
            r#"{"metadata":{},"status":"Failure","message":"command terminated with non-zero exit code: exit status 3","reason":"NonZeroExitCode","details":{"causes":[{"reason":"ExitCode","message":"3"}]}}"#,
        );
        check(
            &Outcome::internal_error("no such container"),
            r#"{"metadata":{},"status":"Failure","message":"Internal error occurred: no such container","reason":"InternalError","details":{"causes":[{"message":"no such container"}]},"code":500}"#,
        );
        assert_eq!(Outcome::exited(0), Outcome::Success);
    }

    #[test]
    fn statuses_that_are_none() {
        let check = |text: &str, expected: &str| {
            assert_eq!(Outcome::from_status(text.as_bytes()), Outcome::Failed { message: expected.to_owned() });
        };
        check(r#"{"status":"Maybe"}"#, "error stream protocol error: unknown error");
        check(r#"{"status":"Failure","reason":"NonZeroExitCode"}"#, "error stream protocol error: details must be set");
        check(r#"{"status":"Failure","reason":"NonZeroExitCode","details":{}}"#, "error stream protocol error: no ExitCode cause given");
        let code = r#"{"status":"Failure","reason":"NonZeroExitCode","details":{"causes":[{"reason":"ExitCode","message":"300"}]}}"#;
        check(code, "error stream protocol error: invalid exit code value \"300\"");
    }
}
