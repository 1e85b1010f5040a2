//! `wait`: until objects have a condition, a value at a path, are there, or are gone.

use std::time::Duration;

use output::jsonpath::JsonPath;
use regex::Regex;
use serde_json::Value;

use super::until::{TIMED_OUT, until};
use crate::error::{CommandError, Result};
use crate::flags::{FilenameFlags, PrintFlags};
use crate::print::{Printer, print_outcome};
use crate::resources::{Info, Selection, Target, text};
use crate::session::{Call, Session};
use crate::watch::Event;

/// A negative `--timeout`.
const A_WEEK: Duration = Duration::from_secs(168 * 3600);
/// Between two looks for objects that are not there yet: they can not be watched by name before it is known which there will be.
const CREATION_POLL: Duration = Duration::from_millis(500);
const PATH_FORMAT: &str =
    "jsonpath wait format must be --for=jsonpath='{.status.readyReplicas}'=3 or --for=jsonpath='{.status.readyReplicas}'";
const NO_VALUE: &str = "jsonpath wait has to have a value after equal sign, like --for=jsonpath='{.status.readyReplicas}'=3";

#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(flatten)]
    files: FilenameFlags,
    #[command(flatten)]
    print: PrintFlags,
    /// Select all resources in the namespace of the specified resource types
    #[arg(long)]
    all: bool,
    /// If present, list the requested object(s) across all namespaces.
    #[arg(short = 'A', long)]
    all_namespaces: bool,
    /// Selector (field query) to filter on
    #[arg(long)]
    field_selector: Option<String>,
    /// The condition to wait on: [create|delete|condition=condition-name[=condition-value]|jsonpath='{JSONPath expression}'=[JSONPath value]]. Multiple conditions are supported and AND'ed to each other in a sequential order. If --for=create is passed, it is always waited first.
    #[arg(long = "for", value_name = "CONDITION")]
    conditions: Vec<String>,
    /// If true, annotation will NOT contact api-server but run locally.
    #[arg(long)]
    local: bool,
    /// Selector (label query) to filter on
    #[arg(short = 'l', long)]
    selector: Option<String>,
    /// The length of time to wait before giving up. Zero means check once and don't wait, negative means wait for a week.
    #[arg(long, default_value = "30s", allow_hyphen_values = true)]
    timeout: String,
    words: Vec<String>,
}

/// What is waited for.
#[derive(Debug)]
enum Condition {
    Create,
    Delete,
    Status { name: String, value: String },
    Path { path: JsonPath, value: Option<String> },
}

impl Args {
    pub async fn run(self, session: &mut Session<'_>) -> Result<()> {
        Printer::new(&self.print, "")?;
        let conditions = self.conditions.iter().map(|written| parse(written)).collect::<Result<Vec<_>>>()?;
        if conditions.is_empty() {
            return Err(CommandError::message("unrecognized condition: []"));
        }
        let limit = match self.timeout.strip_prefix('-') {
            Some(_) => A_WEEK,
            None => crate::flags::duration(&self.timeout).map_err(CommandError::message)?.unwrap_or_default(),
        };
        let deadline = tokio::time::Instant::now() + limit;
        if conditions.iter().any(|condition| matches!(condition, Condition::Create)) {
            self.wait_for_creation(session, limit).await?;
        }
        let for_delete = conditions.iter().any(|condition| matches!(condition, Condition::Delete));
        let (infos, mut errors) = self.objects(session).await?;
        if for_delete {
            errors.retain(|error| !error.is_reason("NotFound"));
        }
        if infos.is_empty() && errors.is_empty() && !for_delete {
            return Err(CommandError::message("no matching resources found"));
        }
        for info in infos {
            if let Err(error) = self.wait_for(session, &info, &conditions, limit, deadline).await {
                errors.push(error);
            }
        }
        CommandError::all(errors)
    }

    fn selection(&self) -> Selection {
        Selection {
            filenames: self.files.clone(),
            words: self.words.clone(),
            labels: self.selector.clone(),
            fields: self.field_selector.clone(),
            all: self.all,
            all_namespaces: self.all_namespaces,
            latest: true,
            ..Selection::default()
        }
    }

    async fn objects(&self, session: &mut Session<'_>) -> Result<(Vec<Info>, Vec<CommandError>)> {
        self.selection().objects(session).await
    }

    async fn wait_for_creation(&self, session: &mut Session<'_>, limit: Duration) -> Result<()> {
        let there = async {
            let targets = self.selection().targets(session).await?;
            loop {
                if self.are_there(session, &targets).await? {
                    return Ok(());
                }
                tokio::time::sleep(CREATION_POLL).await;
            }
        };
        tokio::time::timeout(limit, there).await.unwrap_or_else(|_| Err(CommandError::message(TIMED_OUT)))
    }

    /// All of the named ones, and at least one of those selected.
    async fn are_there(&self, session: &mut Session<'_>, targets: &[Target]) -> Result<bool> {
        let mut found = false;
        for target in targets {
            let call = match target {
                Target::Named { mapping, namespace, name } => Call::get(mapping.path(namespace, name)),
                Target::Document(info) => Call::get(info.path()),
                Target::Collection { mapping, namespace, labels, fields } => Call::get(mapping.path(namespace, ""))
                    .query("labelSelector", labels.clone())
                    .query("fieldSelector", fields.clone())
                    .query("limit", "1"),
            };
            match session.call_json(&call).await {
                Err(error) if error.is_reason("NotFound") => return Ok(false),
                Err(error) => return Err(error),
                Ok(object) => found |= object["items"].as_array().is_none_or(|items| !items.is_empty()),
            }
        }
        Ok(found)
    }

    async fn wait_for(
        &self,
        session: &mut Session<'_>,
        info: &Info,
        conditions: &[Condition],
        limit: Duration,
        deadline: tokio::time::Instant,
    ) -> Result<()> {
        for condition in conditions {
            let object = if limit.is_zero() {
                look(session, info, condition).await?
            } else {
                let left = deadline.saturating_duration_since(tokio::time::Instant::now());
                wait(session, info, condition, left).await.map_err(|error| match error {
                    CommandError::Message(text) if text == TIMED_OUT => {
                        CommandError::message(format!("{TIMED_OUT} on {}/{}", info.mapping.plural, info.name))
                    }
                    other => other,
                })?
            };
            print_outcome(session, &self.print, "condition met", &object)?;
            session.ui.flush();
        }
        Ok(())
    }
}

/// `--timeout=0`: one look.
async fn look(session: &mut Session<'_>, info: &Info, condition: &Condition) -> Result<Value> {
    let unmet = || CommandError::message(format!("condition not met for {}/{}", info.mapping.plural, info.name));
    match session.call_json(&Call::get(info.path())).await {
        Err(error) if error.is_reason("NotFound") && matches!(condition, Condition::Delete) => Ok(info.object.clone()),
        Err(error) => Err(error),
        Ok(object) => {
            if condition.is_met(&object)? {
                Ok(object)
            } else {
                Err(unmet())
            }
        }
    }
}

async fn wait(session: &mut Session<'_>, info: &Info, condition: &Condition, limit: Duration) -> Result<Value> {
    if matches!(condition, Condition::Create) {
        return Ok(info.object.clone());
    }
    let deletes = matches!(condition, Condition::Delete);
    let uid = text(&info.object, "/metadata/uid").to_owned();
    let met = |event: &Event| match event.kind.as_str() {
        "DELETED" if deletes => Ok(true),
        // Another of this name is not the one that was waited for.
        _ if deletes => Ok(text(&event.object, "/metadata/uid") != uid),
        "DELETED" => Err(api::ApiError::not_found(&info.mapping.group, &info.mapping.plural, &info.name).into()),
        _ => condition.is_met(&event.object),
    };
    match until(session, info, Some(limit), met).await {
        Err(error) if deletes && error.is_reason("NotFound") => Ok(info.object.clone()),
        Ok(_) if deletes => Ok(info.object.clone()),
        other => other,
    }
}

impl Condition {
    fn is_met(&self, object: &Value) -> Result<bool> {
        match self {
            Self::Create => Ok(true),
            Self::Delete => Ok(false),
            Self::Status { name, value } => Ok(has_condition(object, name, value)),
            Self::Path { path, value } => {
                let found = path.find(object).map_err(|error| CommandError::message(error.to_string()))?;
                let Some(first) = found.first().and_then(|list| list.first()) else { return Ok(false) };
                if found.len() > 1 {
                    return Err(CommandError::message("given jsonpath expression matches more than one list"));
                }
                if found[0].len() > 1 {
                    return Err(CommandError::message("given jsonpath expression matches more than one value"));
                }
                let Some(value) = value else { return Ok(true) };
                let actual = match first.value() {
                    Value::Object(_) | Value::Array(_) => {
                        return Err(CommandError::message("jsonpath leads to a nested object or list which is not supported"));
                    }
                    Value::String(text) => text.clone(),
                    Value::Null => "<nil>".to_owned(),
                    other => other.to_string(),
                };
                Ok(actual.trim() == value.trim())
            }
        }
    }
}

/// A condition counts only once the object's controller has seen its last change.
fn has_condition(object: &Value, name: &str, value: &str) -> bool {
    let conditions = object["status"]["conditions"].as_array().map(Vec::as_slice).unwrap_or_default();
    let fold = |text: &str| text.to_lowercase();
    let Some(condition) = conditions
        .iter()
        .find(|condition| condition["type"].as_str().is_some_and(|found| fold(found) == fold(name)) && condition["status"].is_string())
    else {
        return false;
    };
    let observed = condition["observedGeneration"].as_i64().or_else(|| object["status"]["observedGeneration"].as_i64());
    if let (Some(generation), Some(observed)) = (object["metadata"]["generation"].as_i64(), observed)
        && observed < generation
    {
        return false;
    }
    condition["status"].as_str().is_some_and(|status| fold(status) == fold(value))
}

fn parse(written: &str) -> Result<Condition> {
    match written.to_lowercase().as_str() {
        "delete" => return Ok(Condition::Delete),
        "create" => return Ok(Condition::Create),
        _ => {}
    }
    if let Some(condition) = written.strip_prefix("condition=") {
        let (name, value) = condition.split_once('=').unwrap_or((condition, "true"));
        return Ok(Condition::Status { name: name.to_owned(), value: value.to_owned() });
    }
    let Some(expression) = written.strip_prefix("jsonpath=") else {
        return Err(CommandError::message(format!("unrecognized condition: {}", output::go_text::quote(written))));
    };
    let parts = split(expression);
    let (path, value) = match parts.as_slice() {
        [path] => (path, None),
        [path, value] => (path, Some(value.trim_matches(['\'', '"']).to_owned())),
        _ => return Err(CommandError::message(PATH_FORMAT)),
    };
    let path = relaxed(path)?;
    if value.as_deref() == Some("") {
        return Err(CommandError::message(NO_VALUE));
    }
    if path.is_empty() {
        return Err(CommandError::message("jsonpath expression cannot be empty"));
    }
    let path = JsonPath::parse(&path).map_err(|error| CommandError::message(error.to_string()))?.allow_missing_keys(true);
    Ok(Condition::Path { path, value })
}

/// At single `=`; a double one belongs to the expression.
fn split(expression: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut letters = expression.chars().peekable();
    while let Some(letter) = letters.next() {
        let doubled = letter == '=' && letters.peek() == Some(&'=');
        if letter == '=' && !doubled {
            parts.push(String::new());
            continue;
        }
        let part = parts.last_mut().expect("there is always one");
        part.push(letter);
        if doubled {
            part.extend(letters.next());
        }
    }
    parts
}

/// `a.b`, `.a.b`, `{a.b}` and `{.a.b}` are all `{.a.b}`.
fn relaxed(path: &str) -> Result<String> {
    if path.is_empty() {
        return Ok(String::new());
    }
    let grammar = Regex::new(r"^\{\.?([^{}]+)\}$|^\.?([^{}]+)$").expect("the pattern is sound");
    let found = grammar.captures(path).ok_or_else(|| {
        CommandError::message("unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'")
    })?;
    let inner = found.get(1).or_else(|| found.get(2)).map_or("", |inner| inner.as_str());
    Ok(format!("{{.{inner}}}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn single_equal_signs_split() {
        assert_eq!(split("a.b.c====d.e.f===g.h.i==="), ["a.b.c====d.e.f==", "g.h.i==", ""]);
        assert_eq!(split("{.a[?(@.b==\"c\")].d}=e"), ["{.a[?(@.b==\"c\")].d}", "e"]);
    }

    #[test]
    fn conditions_are_met() {
        let object = json!({
            "metadata": {"generation": 2},
            "status": {"observedGeneration": 2, "phase": "Running", "n": 3, "conditions": [{"type": "Ready", "status": "True"}]},
        });
        let check = |written: &str, expected: bool| assert_eq!(parse(written).unwrap().is_met(&object).unwrap(), expected, "{written}");
        check("condition=Ready", true);
        check("condition=ready=TRUE", true);
        check("condition=Ready=False", false);
        check("condition=Other", false);
        check("jsonpath={.status.phase}=Running", true);
        check("jsonpath=.status.n=3", true);
        check("jsonpath={.status.phase}=Pending", false);
        check("jsonpath={.status.conditions[?(@.type==\"Ready\")].status}=True", true);
        check("jsonpath={.status.missing}", false);
        check("delete", false);
        let mut stale = object.clone();
        stale["status"]["observedGeneration"] = json!(1);
        assert!(!parse("condition=Ready").unwrap().is_met(&stale).unwrap());
    }

    #[test]
    fn bad_conditions_are_told() {
        let check = |written: &str, expected: &str| assert_eq!(parse(written).unwrap_err().to_string(), format!("error: {expected}"));
        check("fun", "unrecognized condition: \"fun\"");
        check("jsonpath={.a}=", NO_VALUE);
        check("jsonpath=", "jsonpath expression cannot be empty");
        check("jsonpath=a=b=c", PATH_FORMAT);
    }
}
