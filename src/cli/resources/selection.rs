//! From the words of a command line (`TYPE NAME...`, `TYPE/NAME`, `TYPE,TYPE`, `-l`, `--all`) to targets, and from targets to objects.

use serde_json::Value;

use super::{Info, Mapping, documents, for_type, text};
use crate::error::{CommandError, Result};
use crate::flags::FilenameFlags;
use crate::session::{Call, Session};

pub const MISSING: &str = "You must provide one or more resources by argument or filename.
Example resource specifications include:
   '-f rsrc.yaml'
   '--filename=rsrc.json'
   '<resource> <name>'
   '<resource>'";

/// What a command line selects.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    pub filenames: FilenameFlags,
    /// The positional words.
    pub words: Vec<String>,
    pub labels: Option<String>,
    pub fields: Option<String>,
    /// `--all`.
    pub all: bool,
    pub all_namespaces: bool,
    /// A lone TYPE selects all of its objects (as for `get`, `describe`).
    pub type_alone_selects_all: bool,
    /// Objects of files are taken as the server has them now.
    pub latest: bool,
}

/// One thing to ask the server for, or one document.
#[derive(Clone, Debug)]
pub enum Target {
    Named { mapping: Mapping, namespace: String, name: String },
    Collection { mapping: Mapping, namespace: String, labels: String, fields: String },
    Document(Box<Info>),
}

impl Selection {
    /// True where exactly one object is named: its failure is the command's, and it prints as an object rather than a list.
    pub fn single_item_implied(&self, targets: &[Target]) -> bool {
        match targets {
            [Target::Named { .. }] => true,
            [Target::Document(_)] => self.filenames.filenames.len() == 1 && self.filenames.filenames[0] != "-",
            _ => false,
        }
    }

    /// Resolves types and names. Nothing but discovery is asked of the server.
    pub async fn targets(&self, session: &mut Session<'_>) -> Result<Vec<Target>> {
        let words = multiply_types(&self.words);
        let pairs = combined(&words, &session.program)?;
        if !self.filenames.is_empty() {
            if pairs.as_ref().is_some_and(|pairs| !pairs.is_empty()) {
                return Err(CommandError::message("resource/name arguments cannot be provided when a path is specified"));
            }
            if words.len() > 1 {
                return Err(CommandError::message("name cannot be provided when a path is specified"));
            }
            if !words.is_empty() {
                return Err(CommandError::message(
                    "when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well",
                ));
            }
            let (infos, errors) = documents::load(session, &self.filenames).await;
            CommandError::all(errors)?;
            return Ok(infos.into_iter().map(|info| Target::Document(Box::new(info))).collect());
        }
        let alone = words.len() == 1 && pairs.is_none() && self.type_alone_selects_all;
        if self.all || self.labels.is_some() || self.fields.is_some() || alone {
            return self.collections(session, &words, pairs.is_some()).await;
        }
        if let Some(pairs) = pairs {
            let mut targets = Vec::new();
            for (written, name) in pairs {
                let mapping = for_type(session, &written).await?;
                targets.push(self.named(session, mapping, name)?);
            }
            return Ok(targets);
        }
        match words.as_slice() {
            [] => Err(CommandError::message(MISSING)),
            [types] => {
                for written in types.split(',') {
                    for_type(session, written).await?;
                }
                Err(CommandError::message("resource(s) were provided, but no name was specified"))
            }
            [written, names @ ..] => {
                let mapping = for_type(session, written).await?;
                names.iter().map(|name| self.named(session, mapping.clone(), name.clone())).collect()
            }
        }
    }

    async fn collections(&self, session: &mut Session<'_>, words: &[String], pairs: bool) -> Result<Vec<Target>> {
        if self.all && self.labels.as_deref().is_some_and(|labels| !labels.is_empty()) {
            return Err(CommandError::message("setting 'all' parameter but found a non empty selector. "));
        }
        if pairs {
            return Err(CommandError::message("selectors and the all flag cannot be used when passing resource/name arguments"));
        }
        let types = match words {
            [] => return Err(CommandError::message("at least one resource must be specified to use a selector")),
            [types] => types,
            _ => return Err(CommandError::message("name cannot be provided when a selector is specified")),
        };
        let namespace = if self.all_namespaces { String::new() } else { session.namespace()?.0 };
        let mut targets: Vec<Target> = Vec::new();
        for written in types.split(',').flat_map(category) {
            let mapping = for_type(session, &written).await?;
            let namespace = if mapping.namespaced { namespace.clone() } else { String::new() };
            targets.push(Target::Collection {
                mapping,
                namespace,
                labels: self.labels.clone().unwrap_or_default(),
                fields: self.fields.clone().unwrap_or_default(),
            });
        }
        Ok(targets)
    }

    fn named(&self, session: &mut Session<'_>, mapping: Mapping, name: String) -> Result<Target> {
        let namespace = if !mapping.namespaced {
            String::new()
        } else if self.all_namespaces {
            return Err(CommandError::message("a resource cannot be retrieved by name across all namespaces"));
        } else {
            session.namespace()?.0
        };
        Ok(Target::Named { mapping, namespace, name })
    }

    /// The objects themselves: named ones are fetched, collections listed, documents taken (or fetched, with `latest`). A failure of one stops nothing else.
    pub async fn objects(&self, session: &mut Session<'_>) -> Result<(Vec<Info>, Vec<CommandError>)> {
        let targets = self.targets(session).await?;
        Ok(self.fetch_all(session, targets).await)
    }

    /// The objects that targets lead to, and what went wrong with some.
    pub async fn fetch_all(&self, session: &mut Session<'_>, targets: Vec<Target>) -> (Vec<Info>, Vec<CommandError>) {
        let (mut infos, mut errors) = (Vec::new(), Vec::new());
        for target in targets {
            match self.fetch(session, target).await {
                Ok(found) => infos.extend(found),
                Err(error) => errors.push(error),
            }
        }
        (infos, errors)
    }

    async fn fetch(&self, session: &mut Session<'_>, target: Target) -> Result<Vec<Info>> {
        match target {
            Target::Named { mapping, namespace, name } => {
                let object = session.call_json(&Call::get(mapping.path(&namespace, &name))).await?;
                Ok(vec![Info { mapping, namespace, name, source: String::new(), object }])
            }
            Target::Document(mut info) => {
                if self.latest {
                    info.object = session.call_json(&Call::get(info.path())).await?;
                }
                Ok(vec![*info])
            }
            Target::Collection { mapping, namespace, labels, fields } => {
                let call = Call::get(mapping.path(&namespace, "")).query("labelSelector", labels).query("fieldSelector", fields);
                let list = session.call_json(&call).await?;
                Ok(items(list, &mapping))
            }
        }
    }
}

/// The items of a list as objects of their own.
fn items(mut list: Value, mapping: &Mapping) -> Vec<Info> {
    let items = match list.get_mut("items").map(Value::take) {
        Some(Value::Array(items)) => items,
        _ => Vec::new(),
    };
    items
        .into_iter()
        .map(|mut object| {
            if let Some(object) = object.as_object_mut() {
                object.entry("kind").or_insert_with(|| mapping.kind.clone().into());
                object.entry("apiVersion").or_insert_with(|| mapping.api_version().into());
            }
            Info {
                mapping: mapping.clone(),
                namespace: text(&object, "/metadata/namespace").to_owned(),
                name: text(&object, "/metadata/name").to_owned(),
                source: String::new(),
                object,
            }
        })
        .collect()
}

/// `all` and other categories stand for their types, in the order of kubectl's answers; anything else for itself.
fn category(written: &str) -> Vec<String> {
    let members: Vec<String> = kinds::lookup::by_category(written)
        .into_iter()
        .map(
            |kind| if kind.group.is_empty() { kind.plural.to_string() } else { format!("{}.{}.{}", kind.plural, kind.version, kind.group) },
        )
        .collect();
    if members.is_empty() { vec![written.to_owned()] } else { members }
}

/// `pods,services x y` is `pods/x pods/y services/x services/y`.
fn multiply_types(words: &[String]) -> Vec<String> {
    let Some((types, names)) = words.split_first() else { return Vec::new() };
    let types: Vec<&str> = types.split(',').collect();
    if names.is_empty() || types.len() < 2 {
        return words.to_vec();
    }
    types.iter().flat_map(|written| names.iter().map(move |name| format!("{written}/{name}"))).collect()
}

/// All words as TYPE/NAME pairs; `None` where none has a slash.
fn combined(words: &[String], program: &str) -> Result<Option<Vec<(String, String)>>> {
    if !words.iter().any(|word| word.contains('/')) {
        return Ok(None);
    }
    if words.iter().any(|word| !word.contains('/')) {
        return Err(CommandError::message(format!(
            "there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. '{program} get resource/<resource_name>' instead of '{program} get resource resource/<resource_name>'"
        )));
    }
    words
        .iter()
        .map(|word| match word.split('/').collect::<Vec<_>>().as_slice() {
            [written, name] if !written.is_empty() && !name.is_empty() && !written.contains(',') => {
                Ok(((*written).to_owned(), (*name).to_owned()))
            }
            [_, _] => Err(CommandError::message("arguments in resource/name form must have a single resource and name")),
            _ => Err(CommandError::message("arguments in resource/name form may not have more than one slash")),
        })
        .collect::<Result<Vec<_>>>()
        .map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split_whitespace().map(ToOwned::to_owned).collect()
    }

    #[test]
    fn several_types_multiply() {
        assert_eq!(multiply_types(&words("a,b x y")), words("a/x a/y b/x b/y"));
        assert_eq!(multiply_types(&words("a x y")), words("a x y"));
        assert_eq!(multiply_types(&words("a,b")), words("a,b"));
    }

    #[test]
    fn pairs() {
        let check = |text: &str, expected: Option<usize>| {
            assert_eq!(combined(&words(text), "kubectl").ok().map(|pairs| pairs.map_or(0, |pairs| pairs.len())), expected, "{text}");
        };
        check("pod x", Some(0));
        check("pod/x svc/y", Some(2));
        check("pod x/y", None);
        check("pod/x/y", None);
        check("pod/", None);
        check("a,b/x", None);
    }
}
