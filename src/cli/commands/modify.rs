//! Small changes to objects that exist: one mechanism for `label`, `annotate`, `set`, `rollout restart|pause|resume` and `edit`. What was read is changed, and
//! the difference goes to the server as a patch.

use api::patch::{merge, strategic};
use http::Method;
use serde_json::{Value, json};

use crate::error::{CommandError, Result};
use crate::flags::DryRun;
use crate::resources::Info;
use crate::session::{Call, Session};

/// How a difference is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PatchKind {
    /// RFC 7386.
    Merge,
    /// By the merge keys of the kind's lists; merge for kinds that are not built in.
    Strategic,
}

/// The patch from `old` to `new` with its media type; `None` where they are equal.
pub fn difference(info: &Info, kind: PatchKind, old: &Value, new: &Value) -> Result<Option<(&'static str, Value)>> {
    let gvk = api::Gvk { group: info.mapping.group.clone(), version: info.mapping.version.clone(), kind: info.mapping.kind.clone() };
    let built_in = kinds::lookup::by_kind(&gvk.group, &gvk.version, &gvk.kind).is_some();
    let (media_type, patch) = if kind == PatchKind::Strategic && built_in {
        let patch = strategic::two_way(&gvk, old, new).map_err(|error| CommandError::message(error.to_string()))?;
        ("application/strategic-merge-patch+json", patch)
    } else {
        ("application/merge-patch+json", merge::create(old, new))
    };
    Ok(if patch == json!({}) { None } else { Some((media_type, patch)) })
}

/// Sends a patch and gives the object as the server has it afterwards.
pub async fn send(
    session: &mut Session<'_>,
    info: &Info,
    (media_type, patch): (&str, Value),
    dry_run: DryRun,
    manager: &str,
) -> Result<Value> {
    let call = Call::new(Method::PATCH, info.path())
        .query("dryRun", if dry_run == DryRun::Server { "All" } else { "" })
        .query("fieldManager", manager)
        .body(media_type, patch.to_string().into_bytes());
    session.call_json(&call).await
}

/// Words before the first `key=value` or `key-`, and those from it on.
pub fn words_and_pairs(words: &[String], kind: &str) -> Result<(Vec<String>, Vec<String>)> {
    let is_pair = |word: &str| (word.contains('=') && !word.starts_with('=')) || (word.ends_with('-') && word != "-");
    let first = words.iter().position(|word| is_pair(word)).unwrap_or(words.len());
    let (resources, pairs) = words.split_at(first);
    if let Some(stray) = pairs.iter().find(|word| !is_pair(word)) {
        return Err(CommandError::message(format!("all resources must be specified before {kind} changes: {stray}")));
    }
    Ok((resources.to_vec(), pairs.to_vec()))
}

/// The map at `pointer` of an object, made where it is missing.
pub fn map_at<'a>(object: &'a mut Value, path: &[&str]) -> &'a mut serde_json::Map<String, Value> {
    let mut value = object;
    for key in path {
        if !value.get(*key).is_some_and(Value::is_object) {
            value[*key] = json!({});
        }
        value = value.get_mut(*key).expect("it was made above");
    }
    value.as_object_mut().expect("it was made an object above")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_come_last() {
        let words = |text: &str| text.split(' ').map(ToOwned::to_owned).collect::<Vec<_>>();
        assert_eq!(words_and_pairs(&words("pod x a=b c-"), "label").unwrap(), (words("pod x"), words("a=b c-")));
        assert_eq!(
            words_and_pairs(&words("pod x a=b y"), "label").unwrap_err().to_string(),
            "error: all resources must be specified before label changes: y"
        );
    }
}
