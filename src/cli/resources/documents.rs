//! Objects from files, folders, URLs and standard input: YAML or JSON, several documents a file, lists unpacked.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;

use super::{Info, Mapping, for_kind, text};
use crate::error::{CommandError, Result};
use crate::flags::FilenameFlags;
use crate::session::Session;

/// The endings of files that are read from a folder.
const ENDINGS: [&str; 3] = ["json", "yaml", "yml"];

/// Everything that `-f` names, in order: a failure of one document stops nothing else, and all failures are told.
/// An object without a namespace gets the session's; one of another namespace than `-n` says is refused.
pub async fn load(session: &mut Session<'_>, flags: &FilenameFlags) -> (Vec<Info>, Vec<CommandError>) {
    load_for(session, flags, false).await
}

/// As [`load`], for commands that validate what they send: a document without kind or apiVersion is refused in the validator's words.
pub async fn load_validated(session: &mut Session<'_>, flags: &FilenameFlags) -> (Vec<Info>, Vec<CommandError>) {
    load_for(session, flags, true).await
}

async fn load_for(session: &mut Session<'_>, flags: &FilenameFlags, validated: bool) -> (Vec<Info>, Vec<CommandError>) {
    let (mut infos, mut errors) = (Vec::new(), Vec::new());
    if let Some(folder) = &flags.kustomize {
        errors.push(CommandError::message(format!(
            "kustomize is not built into this program: run `kustomize build {folder}` and pipe it to -f -"
        )));
    }
    for filename in &flags.filenames {
        match read(session, filename, flags.recursive).await {
            Ok(sources) => {
                for (source, bytes) in sources {
                    match parse_documents(&bytes) {
                        Ok(documents) => {
                            for document in documents {
                                match info(session, document, &source, validated).await {
                                    Ok(info) => infos.push(info),
                                    Err(error) => errors.push(error),
                                }
                            }
                        }
                        Err(why) => errors.push(CommandError::message(format!("error parsing {source}: {why}"))),
                    }
                }
            }
            Err(error) => errors.push(error),
        }
    }
    (infos, errors)
}

/// The documents of a text, empty ones left out and lists unpacked; the error is worded as kubectl's decoder words it.
pub fn parse_documents(bytes: &[u8]) -> Result<Vec<Value>, String> {
    let mut documents = Vec::new();
    let start = bytes.iter().position(|byte| !byte.is_ascii_whitespace()).unwrap_or(bytes.len());
    if bytes[start..].starts_with(b"{") {
        for document in serde_json::Deserializer::from_slice(bytes).into_iter::<Value>() {
            match document {
                Ok(document) => unpack(document, &mut documents),
                // Flow-style YAML begins like JSON.
                Err(_) if documents.is_empty() => return parse_yaml(bytes),
                Err(error) => return Err(format!("json: offset {}: {error}", error.column())),
            }
        }
        return Ok(documents);
    }
    parse_yaml(bytes)
}

fn parse_yaml(bytes: &[u8]) -> Result<Vec<Value>, String> {
    let mut documents = Vec::new();
    for document in serde_yaml::Deserializer::from_slice(bytes) {
        let document = serde_yaml::Value::deserialize(document).map_err(|error| yaml_error(&error))?;
        let document = to_json(document)?;
        if !document.is_null() {
            unpack(document, &mut documents);
        }
    }
    Ok(documents)
}

/// YAML trees become JSON as sigs.k8s.io/yaml does it: keys that are numbers or switches become their text, merge keys are resolved.
fn to_json(mut value: serde_yaml::Value) -> Result<Value, String> {
    if value.apply_merge().is_err() {
        return Err("error converting YAML to JSON: yaml: map merge requires map or sequence of maps as the value".to_owned());
    }
    convert(value)
}

fn convert(value: serde_yaml::Value) -> Result<Value, String> {
    use serde_yaml::Value as Yaml;
    Ok(match value {
        Yaml::Null => Value::Null,
        Yaml::Bool(flag) => Value::Bool(flag),
        Yaml::Number(number) => serde_json::to_value(&number).map_err(|error| format!("error converting YAML to JSON: {error}"))?,
        Yaml::String(text) => Value::String(text),
        Yaml::Sequence(items) => Value::Array(items.into_iter().map(convert).collect::<Result<_, _>>()?),
        Yaml::Mapping(entries) => {
            let mut object = serde_json::Map::new();
            for (key, value) in entries {
                let key = match key {
                    Yaml::String(text) => text,
                    Yaml::Number(number) => number.to_string(),
                    Yaml::Bool(flag) => flag.to_string(),
                    other => return Err(format!("error converting YAML to JSON: unsupported map key of type: {other:?}")),
                };
                object.insert(key, convert(value)?);
            }
            Value::Object(object)
        }
        Yaml::Tagged(tagged) => convert(tagged.value)?,
    })
}

/// `error converting YAML to JSON: yaml: line 3: mapping values are not allowed in this context`.
fn yaml_error(error: &serde_yaml::Error) -> String {
    let whole = error.to_string();
    let what = whole.split(" at line ").next().unwrap_or(&whole);
    // go-yaml counts lines from zero where its parser complains and from one where its scanner does; a zero is left out.
    let from_parser = what.starts_with("did not find expected");
    match error.location().map(|location| location.line()).filter(|line| *line > 1).map(|line| line - usize::from(from_parser)) {
        Some(line) => format!("error converting YAML to JSON: yaml: line {line}: {what}"),
        None => format!("error converting YAML to JSON: yaml: {what}"),
    }
}

fn unpack(document: Value, into: &mut Vec<Value>) {
    let kind = text(&document, "/kind").to_owned();
    if kind.ends_with("List")
        && let Some(Value::Array(items)) = document.get("items")
    {
        let api_version = text(&document, "/apiVersion");
        for item in items {
            let mut item = item.clone();
            // Items of typed lists may leave out what the list says.
            if kind != "List" && item.get("kind").is_none() {
                item["kind"] = Value::from(kind.trim_end_matches("List"));
                item["apiVersion"] = Value::from(api_version);
            }
            unpack(item, into);
        }
        return;
    }
    into.push(document);
}

async fn info(session: &mut Session<'_>, mut object: Value, source: &str, validated: bool) -> Result<Info> {
    let decoding = |why: &str| CommandError::message(format!("unable to decode {source:?}: {why}"));
    if !object.is_object() {
        return Err(decoding(&format!("json: cannot unmarshal {} into Go value of type unstructured.detector", go_type(&object))));
    }
    let kind = text(&object, "/kind").to_owned();
    let api_version = text(&object, "/apiVersion").to_owned();
    if validated && (kind.is_empty() || api_version.is_empty()) {
        let unset = match (api_version.is_empty(), kind.is_empty()) {
            (true, true) => "[apiVersion not set, kind not set]",
            (true, false) => "apiVersion not set",
            _ => "kind not set",
        };
        return Err(CommandError::message(format!(
            "error validating {source:?}: error validating data: {unset}; if you choose to ignore these errors, turn validation off with --validate=false"
        )));
    }
    if kind.is_empty() {
        return Err(decoding(&format!("Object 'Kind' is missing in '{object}'")));
    }
    let name = text(&object, "/metadata/name").to_owned();
    let written = text(&object, "/metadata/namespace").to_owned();
    if api_version.is_empty() {
        return Err(decoding(&format!("Object 'apiVersion' is missing in '{object}'")));
    }
    let Some(mapping) = for_kind(session, &api_version, &kind).await? else {
        return Err(CommandError::message(format!(
            "resource mapping not found for name: {name:?} namespace: {written:?} from {source:?}: no matches for kind {kind:?} in version {api_version:?}\nensure CRDs are installed first"
        )));
    };
    let namespace = namespace_of(session, &mapping, &mut object, &written).await?;
    Ok(Info { mapping, namespace, name, source: source.to_owned(), object })
}

async fn namespace_of(session: &mut Session<'_>, mapping: &Mapping, object: &mut Value, written: &str) -> Result<String> {
    if !mapping.namespaced {
        return Ok(String::new());
    }
    let (wanted, explicit) = session.namespace()?;
    if written.is_empty() {
        if let Some(metadata) =
            object.as_object_mut().map(|object| object.entry("metadata").or_insert_with(|| Value::Object(serde_json::Map::new())))
            && metadata.is_object()
        {
            metadata["namespace"] = Value::from(wanted.clone());
        }
        return Ok(wanted);
    }
    if explicit && written != wanted {
        return Err(CommandError::message(format!(
            "the namespace from the provided object {written:?} does not match the namespace {wanted:?}. You must pass '--namespace={written}' to perform this operation."
        )));
    }
    Ok(written.to_owned())
}

fn go_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// The texts behind one `-f`: (what messages call it, its bytes).
async fn read(session: &mut Session<'_>, filename: &str, recursive: bool) -> Result<Vec<(String, Vec<u8>)>> {
    if filename == "-" {
        let bytes = session.ui.read_input().map_err(|error| CommandError::message(format!("error reading STDIN: {error}")))?;
        return Ok(vec![("STDIN".to_owned(), bytes)]);
    }
    if filename.starts_with("http://") || filename.starts_with("https://") {
        return Ok(vec![(filename.to_owned(), download(filename).await?)]);
    }
    let mut paths = Vec::new();
    let path = Path::new(filename);
    let metadata = std::fs::metadata(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => CommandError::message(format!("the path {filename:?} does not exist")),
        _ => CommandError::message(format!("the path {filename:?} cannot be accessed: {error}")),
    })?;
    if metadata.is_dir() {
        folder(path, recursive, &mut paths)?;
        if paths.is_empty() {
            return Err(CommandError::message(format!("error reading [{filename}]: recognized file extensions are [.json .yaml .yml]")));
        }
    } else {
        paths.push(path.to_owned());
    }
    paths
        .into_iter()
        .map(|path| {
            let name = path.display().to_string();
            let bytes = std::fs::read(&path).map_err(|error| CommandError::message(format!("error reading {name:?}: {error}")))?;
            Ok((name, bytes))
        })
        .collect()
}

/// Files of a folder in the order of their names, as Go's `filepath.Walk` visits them.
fn folder(path: &Path, recursive: bool, into: &mut Vec<PathBuf>) -> Result<()> {
    let failed = |error: std::io::Error| CommandError::message(format!("error reading {:?}: {error}", path.display().to_string()));
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(path).map_err(failed)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>().map_err(failed)?;
    entries.sort();
    for entry in entries {
        if entry.is_dir() {
            if recursive {
                folder(&entry, recursive, into)?;
            }
        } else if entry.extension().and_then(|ending| ending.to_str()).is_some_and(|ending| ENDINGS.contains(&ending)) {
            into.push(entry);
        }
    }
    Ok(())
}

/// Attempts at a URL whose server says it is in trouble.
const DOWNLOAD_ATTEMPTS: u32 = 3;

async fn download(url: &str) -> Result<Vec<u8>> {
    drop(rustls::crypto::ring::default_provider().install_default());
    let client = reqwest::Client::builder().build().map_err(|error| CommandError::message(error.to_string()))?;
    let mut attempt = 1;
    loop {
        let response =
            client.get(url).send().await.map_err(|error| CommandError::message(format!("unable to read URL {url:?}: {error}")))?;
        let status = response.status();
        if status.is_success() {
            let bytes = response.bytes().await.map_err(|error| CommandError::message(format!("unable to read URL {url:?}: {error}")))?;
            return Ok(bytes.to_vec());
        }
        if !status.is_server_error() || attempt == DOWNLOAD_ATTEMPTS {
            return Err(CommandError::message(format!(
                "unable to read URL {url:?}, server reported {status}, status code={}",
                status.as_u16()
            )));
        }
        attempt += 1;
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn documents_of_both_kinds() {
        let check = |text: &str, expected: Vec<Value>| assert_eq!(parse_documents(text.as_bytes()).unwrap(), expected, "{text}");
        check("a: 1\n---\n# nothing\n---\nb: x\n", vec![json!({"a": 1}), json!({"b": "x"})]);
        check("{\"a\": 1}\n{\"b\": 2}", vec![json!({"a": 1}), json!({"b": 2})]);
        check("{a: 1, b: [x]}", vec![json!({"a": 1, "b": ["x"]})]);
        check("1: yes\n", vec![json!({"1": "yes"})]);
        check("kind: List\napiVersion: v1\nitems: [{kind: A}, {kind: B}]", vec![json!({"kind": "A"}), json!({"kind": "B"})]);
    }

    #[test]
    fn bad_yaml_says_where() {
        let error = parse_documents(b"a: 1\nb: c: d\n").unwrap_err();
        assert_eq!(error, "error converting YAML to JSON: yaml: line 2: mapping values are not allowed in this context");
    }
}
