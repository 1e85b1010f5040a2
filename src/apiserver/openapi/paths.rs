//! The paths of a document: each with what can be done there, on which kind, with which parameters.

use kinds::{Kind, Verb};
use serde_json::{Map, Value, json};

/// All paths of a group and version.
pub fn of<'a>(group: &str, version: &str, kinds: impl Iterator<Item = &'a Kind>) -> Map<String, Value> {
    let mut paths = Map::new();
    let root = if group.is_empty() { format!("/api/{version}") } else { format!("/apis/{group}/{version}") };
    for kind in kinds {
        let collection =
            if kind.namespaced { format!("{root}/namespaces/{{namespace}}/{}", kind.plural) } else { format!("{root}/{}", kind.plural) };
        let own: (&str, &str, &str) = (&kind.group, &kind.version, &kind.kind);
        insert(&mut paths, collection.clone(), kind, own, kind.verbs, &[Verb::Create, Verb::List, Verb::DeleteCollection]);
        if kind.namespaced {
            insert(&mut paths, format!("{root}/{}", kind.plural), kind, own, kind.verbs, &[Verb::List]);
        }
        let one = format!("{collection}/{{name}}");
        insert(&mut paths, one.clone(), kind, own, kind.verbs, &[Verb::Get, Verb::Update, Verb::Patch, Verb::Delete]);
        for subresource in kind.subresources {
            let at = format!("{one}/{}", subresource.name);
            let of = subresource.kind.unwrap_or(own);
            insert(&mut paths, at, kind, of, subresource.verbs, &[Verb::Create, Verb::Get, Verb::Update, Verb::Patch, Verb::Delete]);
        }
    }
    paths
}

fn insert(
    paths: &mut Map<String, Value>,
    path: String,
    kind: &Kind,
    (group, version, name): (&str, &str, &str),
    verbs: &[Verb],
    here: &[Verb],
) {
    let mut item = Map::new();
    for verb in here.iter().filter(|verb| verbs.contains(verb)) {
        let (method, action) = match verb {
            Verb::Create => ("post", "post"),
            Verb::List => ("get", "list"),
            Verb::DeleteCollection => ("delete", "deletecollection"),
            Verb::Get => ("get", "get"),
            Verb::Update => ("put", "put"),
            Verb::Patch => ("patch", "patch"),
            Verb::Delete => ("delete", "delete"),
            Verb::Watch => continue,
        };
        let operation = json!({
            "x-kubernetes-action": action,
            "x-kubernetes-group-version-kind": {"group": group, "version": version, "kind": name},
            "parameters": query_parameters(*verb),
            "responses": {"200": {"description": "OK"}, "401": {"description": "Unauthorized"}},
        });
        item.insert(method.to_owned(), operation);
    }
    if item.is_empty() {
        return;
    }
    let mut parameters = Vec::new();
    if path.contains("{name}") {
        parameters.push(parameter("name", "path", "string", &format!("name of the {}", kind.kind)));
    }
    if path.contains("{namespace}") {
        parameters.push(parameter("namespace", "path", "string", "object name and auth scope, such as for teams and projects"));
    }
    parameters.push(parameter("pretty", "query", "string", "If 'true', then the output is pretty printed."));
    item.insert("parameters".to_owned(), parameters.into());
    paths.insert(path, item.into());
}

fn parameter(name: &str, place: &str, kind: &str, description: &str) -> Value {
    let mut value = json!({"name": name, "in": place, "description": description, "schema": {"type": kind, "uniqueItems": true}});
    if place == "path" {
        value["required"] = true.into();
    }
    value
}

fn query_parameters(verb: Verb) -> Vec<Value> {
    let text = |name: &str, description: &str| parameter(name, "query", "string", description);
    let number = |name: &str, description: &str| parameter(name, "query", "integer", description);
    let flag = |name: &str, description: &str| parameter(name, "query", "boolean", description);
    let dry_run = || text("dryRun", "When present, indicates that modifications should not be persisted. The only valid value is 'All'.");
    let write = || {
        vec![
            dry_run(),
            text("fieldManager", "fieldManager is a name associated with the actor or entity that is making these changes."),
            text(
                "fieldValidation",
                "fieldValidation instructs the server on how to handle objects in the request containing unknown or duplicate fields: Ignore, Warn or Strict.",
            ),
        ]
    };
    let list = || {
        vec![
            flag("allowWatchBookmarks", "allowWatchBookmarks requests watch events with type \"BOOKMARK\"."),
            text("continue", "The continue option should be set when retrieving more results from the server."),
            text("fieldSelector", "A selector to restrict the list of returned objects by their fields."),
            text("labelSelector", "A selector to restrict the list of returned objects by their labels."),
            number("limit", "limit is a maximum number of responses to return for a list call."),
            text("resourceVersion", "resourceVersion sets a constraint on what resource versions a request may be served from."),
            text("resourceVersionMatch", "resourceVersionMatch determines how resourceVersion is applied to list calls."),
            flag("sendInitialEvents", "sendInitialEvents=true may be set together with watch=true."),
            number("timeoutSeconds", "Timeout for the list/watch call."),
            flag("watch", "Watch for changes to the described resources."),
        ]
    };
    let delete = || {
        vec![
            dry_run(),
            number("gracePeriodSeconds", "The duration in seconds before the object should be deleted."),
            flag("orphanDependents", "Deprecated: please use the PropagationPolicy."),
            text("propagationPolicy", "Whether and how garbage collection will be performed."),
        ]
    };
    match verb {
        Verb::Create | Verb::Update => write(),
        Verb::Patch => {
            let mut all = write();
            all.push(flag("force", "Force is going to \"force\" Apply requests."));
            all
        }
        Verb::List | Verb::Watch => list(),
        Verb::Delete => delete(),
        Verb::DeleteCollection => list().into_iter().chain(delete()).collect(),
        Verb::Get => Vec::new(),
    }
}
