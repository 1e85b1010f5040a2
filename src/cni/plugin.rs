//! The plugin as a process: parameters from the environment, configuration from standard input, result or error on standard output.
use std::collections::HashMap;
use std::io::{Read, Write};
use std::path::Path;
use std::process::ExitCode;

use serde_json::{Value, json};

use crate::config::{Input, LOOPBACK, PLUGIN};
use crate::protocol::{Attachment, CniResult, Error, VERSIONS};
use crate::{attach, loopback, setup};

/// Whether this process was started as a CNI plugin: under the name of one, with a command for it.
pub fn requested() -> bool {
    let name = std::env::args_os().next();
    let name = name.as_deref().map(Path::new).and_then(Path::file_name);
    std::env::var_os("CNI_COMMAND").is_some() && name.is_some_and(|name| name == PLUGIN || name == LOOPBACK)
}

/// Runs the plugin and answers with its exit code.
pub fn main() -> ExitCode {
    let environment = std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?))).collect();
    let mut input = Vec::new();
    let outcome = std::io::stdin().lock().read_to_end(&mut input).map_err(|error| (Error::ReadConfig(error), newest().to_owned()));
    let (answer, code) = match outcome.and_then(|_| respond(&environment, &input)) {
        Ok(answer) => (answer, ExitCode::SUCCESS),
        Err((error, version)) => (Some(error.to_json(&version)), ExitCode::FAILURE),
    };
    let Some(answer) = answer else { return code };
    match writeln!(std::io::stdout().lock(), "{answer:#}") {
        Ok(()) => code,
        Err(_) => ExitCode::FAILURE,
    }
}

/// The answer to print, if any; an error comes with the version to word it in.
pub(crate) fn respond(environment: &HashMap<String, String>, input: &[u8]) -> Result<Option<Value>, (Error, String)> {
    let command = environment.get("CNI_COMMAND").map(String::as_str).unwrap_or_default();
    if command == "VERSION" {
        return Ok(Some(json!({ "cniVersion": asked_version(input), "supportedVersions": VERSIONS })));
    }
    let input = Input::parse(input).map_err(|error| (error, newest().to_owned()))?;
    let version = input.version.clone();
    let answer = run(command, environment, input).map_err(|error| (error, version.clone()))?;
    Ok(answer.map(|result| result.to_json(&version)))
}

fn run(command: &str, environment: &HashMap<String, String>, input: Input) -> Result<Option<CniResult>, Error> {
    let attachment = || Attachment::from_environment(environment);
    let is_loopback = input.plugin == LOOPBACK;
    match command {
        "ADD" if is_loopback => loopback::add(&attachment()?).map(Some),
        "CHECK" if is_loopback => loopback::check(&attachment()?).map(|()| None),
        "DEL" | "GC" | "STATUS" if is_loopback => Ok(None),
        "ADD" => {
            let attachment = attachment()?;
            attach::add(&input.network()?, &attachment).map(Some)
        }
        "DEL" => {
            let attachment = attachment()?;
            attach::delete(&input.network()?, &attachment).map(|()| None)
        }
        "CHECK" => {
            let attachment = attachment()?;
            let previous = input.previous.clone();
            attach::check(&input.network()?, &attachment, previous.as_ref()).map(|()| None)
        }
        "GC" => {
            let valid = input.valid_attachments.clone();
            let keep = |container: &str, interface: &str| valid.iter().any(|one| one.container == container && one.interface == interface);
            setup::release(&input.network()?, keep).map(|_| None)
        }
        "STATUS" => attach::status(&input.network()?).map(|()| None),
        other => Err(Error::Command(other.to_owned())),
    }
}

/// VERSION answers in the version it was asked in, even in one that is not spoken.
fn asked_version(input: &[u8]) -> String {
    let parsed: Option<Value> = serde_json::from_slice(input).ok();
    parsed.as_ref().and_then(|value| value["cniVersion"].as_str()).unwrap_or(newest()).to_owned()
}

fn newest() -> &'static str {
    VERSIONS[VERSIONS.len() - 1]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(command: &str, input: &str, expected: Value) {
        let environment = HashMap::from([("CNI_COMMAND".to_owned(), command.to_owned())]);
        let answer = respond(&environment, input.as_bytes());
        assert_eq!(answer.unwrap_or_else(|(error, version)| Some(error.to_json(&version))), Some(expected));
    }

    #[test]
    fn requests_that_need_no_network() {
        check("VERSION", r#"{"cniVersion":"0.4.0"}"#, json!({ "cniVersion": "0.4.0", "supportedVersions": VERSIONS }));
        check("VERSION", "", json!({ "cniVersion": "1.1.0", "supportedVersions": VERSIONS }));
        check("NONSENSE", r#"{"cniVersion":"1.0.0"}"#, json!({ "cniVersion": "1.0.0", "code": 4, "msg": "unknown CNI_COMMAND: NONSENSE" }));
        check(
            "ADD",
            r#"{"cniVersion":"1.0.0","type":"k-cni"}"#,
            json!({ "cniVersion": "1.0.0", "code": 4, "msg": "invalid environment variables: required env variable CNI_CONTAINERID missing" }),
        );
        check(
            "ADD",
            "{",
            json!({ "cniVersion": "1.1.0", "code": 6, "msg": "failed to parse the network configuration: EOF while parsing an object at line 1 column 1" }),
        );
        check(
            "ADD",
            r#"{"cniVersion":"7.0.0"}"#,
            json!({ "cniVersion": "1.1.0", "code": 1, "msg": "incompatible CNI versions",
                    "details": "config is \"7.0.0\", plugin supports [\"0.3.0\", \"0.3.1\", \"0.4.0\", \"1.0.0\", \"1.1.0\"]" }),
        );
    }
}
