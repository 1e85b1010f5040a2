//! The paths of a document: each with what can be done there, on which kind, with which parameters, bodies and answers.

use kinds::{Kind, Subresource, Verb};
use serde_json::{Map, Value, json};

use super::custom::model_name;
use super::schemas::{SCHEMAS, is_free, name_of};

const META: &str = "io.k8s.apimachinery.pkg.apis.meta.v1";
const READ: &[&str] = &["application/json", "application/yaml", "application/vnd.kubernetes.protobuf"];
const LISTED: &[&str] = &[
    "application/json",
    "application/yaml",
    "application/vnd.kubernetes.protobuf",
    "application/json;stream=watch",
    "application/vnd.kubernetes.protobuf;stream=watch",
];
const PATCHES: &[&str] = &[
    "application/json-patch+json",
    "application/merge-patch+json",
    "application/strategic-merge-patch+json",
    "application/apply-patch+yaml",
];

/// Where an operation stands, and what it is of.
struct Place<'a> {
    kind: &'a Kind,
    below: Option<&'a Subresource>,
    /// The collection, across all namespaces.
    everywhere: bool,
    watch: bool,
}

/// All paths of the kinds of a group and version.
pub fn of(own: &[&Kind]) -> Map<String, Value> {
    let mut paths = Map::new();
    for kind in own.iter().copied() {
        let root = if kind.group.is_empty() { format!("/api/{}", kind.version) } else { format!("/apis/{}", kind.api_version()) };
        let inside = if kind.namespaced { "/namespaces/{namespace}" } else { "" };
        let (plural, place) = (&kind.plural, Place { kind, below: None, everywhere: false, watch: false });
        let collection = format!("{root}{inside}/{plural}");
        insert(&mut paths, collection.clone(), &place, kind.verbs, &[Verb::Create, Verb::List, Verb::DeleteCollection]);
        let one = format!("{collection}/{{name}}");
        insert(&mut paths, one.clone(), &place, kind.verbs, &[Verb::Get, Verb::Update, Verb::Patch, Verb::Delete]);
        let watched = Place { watch: true, ..place };
        insert(&mut paths, format!("{root}/watch{inside}/{plural}"), &watched, kind.verbs, &[Verb::Watch]);
        insert(&mut paths, format!("{root}/watch{inside}/{plural}/{{name}}"), &watched, kind.verbs, &[Verb::Watch]);
        if kind.namespaced {
            let everywhere = Place { kind, below: None, everywhere: true, watch: false };
            insert(&mut paths, format!("{root}/{plural}"), &everywhere, kind.verbs, &[Verb::List]);
            insert(&mut paths, format!("{root}/watch/{plural}"), &Place { watch: true, ..everywhere }, kind.verbs, &[Verb::Watch]);
        }
        for below in kind.subresources {
            let place = Place { kind, below: Some(below), everywhere: false, watch: false };
            let at = format!("{one}/{}", below.name);
            insert(&mut paths, at, &place, below.verbs, &[Verb::Create, Verb::Get, Verb::Update, Verb::Patch, Verb::Delete]);
        }
    }
    paths
}

impl Place<'_> {
    /// Bytes go through to somewhere else.
    fn connects(&self) -> bool {
        self.below.is_some_and(|below| matches!(below.name, "attach" | "exec" | "portforward" | "proxy"))
    }
    fn gvk(&self) -> (&str, &str, &str) {
        self.below.and_then(|below| below.kind).unwrap_or((&self.kind.group, &self.kind.version, &self.kind.kind))
    }
    /// The schema of the objects here.
    fn schema(&self) -> Option<String> {
        if self.below.is_some_and(|below| below.name == "log") {
            return None;
        }
        let (group, version, kind) = self.gvk();
        let custom = self.kind.behaviour.custom().filter(|_| kind == self.kind.kind);
        custom.map(|_| model_name(group, version, kind)).or_else(|| name_of(group, version, kind))
    }
    fn description(&self, verb: Verb, of_one: bool, method: &str) -> String {
        let kind = &*self.kind.kind;
        let object = match self.below {
            Some(below) if self.connects() => return format!("connect {} requests to {} of {kind}", method.to_uppercase(), below.name),
            Some(below) => format!("{} of the specified {kind}", below.name),
            None => format!("the specified {kind}"),
        };
        match verb {
            Verb::Create if self.below.is_some() => format!("create {}", object.replace("the specified", "a")),
            Verb::Create => format!("create {} {kind}", if kind.starts_with(['A', 'E', 'I', 'O']) { "an" } else { "a" }),
            Verb::List => format!("list or watch objects of kind {kind}"),
            Verb::DeleteCollection => format!("delete collection of {kind}"),
            Verb::Get => format!("read {object}"),
            Verb::Update => format!("replace {object}"),
            Verb::Patch => format!("partially update {object}"),
            Verb::Delete => format!("delete {} {kind}", if kind.starts_with(['A', 'E', 'I', 'O']) { "an" } else { "a" }),
            Verb::Watch if of_one => format!(
                "watch changes to an object of kind {kind}. deprecated: use the 'watch' parameter with a list operation instead, filtered to a single item with the 'fieldSelector' parameter."
            ),
            Verb::Watch => format!(
                "watch individual changes to a list of {kind}. deprecated: use the 'watch' parameter with a list operation instead."
            ),
        }
    }
    /// `readCoreV1NamespacedPodStatus`.
    fn operation_id(&self, verb: Verb, of_one: bool, method: &str) -> String {
        let word = match verb {
            _ if self.connects() => "connect",
            Verb::Create => "create",
            Verb::List => "list",
            Verb::DeleteCollection | Verb::Delete => "delete",
            Verb::Get => "read",
            Verb::Update => "replace",
            Verb::Patch => "patch",
            Verb::Watch => "watch",
        };
        let mut id = format!("{word}{}{}", capital(&tag_group(&self.kind.group)), capital(&self.kind.version));
        if self.connects() {
            id.push_str(&capital(method));
        }
        if verb == Verb::DeleteCollection {
            id.push_str("Collection");
        }
        if self.kind.namespaced && !self.everywhere {
            id.push_str("Namespaced");
        }
        id.push_str(&self.kind.kind);
        if verb == Verb::Watch && !of_one {
            id.push_str("List");
        }
        if let Some(below) = self.below {
            id.push_str(&capital(below.name));
        }
        if self.everywhere {
            id.push_str("ForAllNamespaces");
        }
        id
    }
    fn operation(&self, verb: Verb, of_one: bool, method: &str) -> Value {
        let (group, version, kind) = self.gvk();
        let action = match verb {
            _ if self.connects() => "connect",
            Verb::Create => "post",
            Verb::List => "list",
            Verb::DeleteCollection => "deletecollection",
            Verb::Get => "get",
            Verb::Update => "put",
            Verb::Patch => "patch",
            Verb::Delete => "delete",
            Verb::Watch if of_one => "watch",
            Verb::Watch => "watchlist",
        };
        let mut operation = json!({
            "tags": [format!("{}_{}", tag_group(&self.kind.group), self.kind.version)],
            "description": self.description(verb, of_one, method),
            "operationId": self.operation_id(verb, of_one, method),
            "x-kubernetes-action": action,
            "x-kubernetes-group-version-kind": {"group": group, "version": version, "kind": kind},
            "responses": self.responses(verb),
        });
        let parameters = if self.connects() || self.watch { Vec::new() } else { query_parameters(verb) };
        if !parameters.is_empty() {
            operation["parameters"] = parameters.into();
        }
        let body = match verb {
            _ if self.connects() => None,
            Verb::Create | Verb::Update => self.schema().map(|schema| json!({"required": true, "content": content(&["*/*"], &schema)})),
            Verb::Patch => {
                // clients choose by it how they patch: custom resources have no strategic merge, and a schema that leaves open what it holds has no merge keys
                let keyed = self.kind.behaviour.custom().is_none() && !is_free(self.kind);
                let types: Vec<&str> = PATCHES.iter().copied().filter(|name| keyed || !name.contains("strategic")).collect();
                Some(json!({"required": true, "content": content(&types, &format!("{META}.Patch"))}))
            }
            Verb::Delete | Verb::DeleteCollection => Some(json!({"content": content(&["*/*"], &format!("{META}.DeleteOptions"))})),
            Verb::Get | Verb::List | Verb::Watch => None,
        };
        if let Some(body) = body {
            operation["requestBody"] = body;
        }
        operation
    }
    fn responses(&self, verb: Verb) -> Value {
        let own = self.schema();
        let (schema, media) = match verb {
            _ if self.connects() => (None, &["*/*"][..]),
            Verb::List => (own.map(|schema| format!("{schema}List")), LISTED),
            Verb::Watch => (Some(format!("{META}.WatchEvent")), LISTED),
            Verb::Delete | Verb::DeleteCollection => (Some(format!("{META}.Status")), READ),
            _ => (own, READ),
        };
        let answer = |description: &str| match &schema {
            Some(schema) => json!({"description": description, "content": content(media, schema)}),
            None => {
                json!({"description": description, "content": media.iter().map(|media| ((*media).to_owned(), json!({"schema": {"type": "string"}}))).collect::<Map<_, _>>()})
            }
        };
        let mut all = json!({"200": answer("OK"), "401": {"description": "Unauthorized"}});
        if !self.connects() {
            if matches!(verb, Verb::Create | Verb::Update | Verb::Patch) {
                all["201"] = answer("Created");
            }
            if matches!(verb, Verb::Create | Verb::Delete) {
                all["202"] = answer("Accepted");
            }
        }
        all
    }
}

fn content(media: &[&str], schema: &str) -> Value {
    media.iter().map(|media| ((*media).to_owned(), json!({"schema": {"$ref": format!("{SCHEMAS}{schema}")}}))).collect::<Map<_, _>>().into()
}

/// `core`, `apps`, `rbacAuthorization`: a group without the common ending.
fn tag_group(group: &str) -> String {
    let own = if group.is_empty() { "core" } else { group.strip_suffix(".k8s.io").unwrap_or(group) };
    let mut parts = own.split('.');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + &capital(part))
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn insert(paths: &mut Map<String, Value>, path: String, place: &Place<'_>, verbs: &[Verb], here: &[Verb]) {
    let of_one = path.contains("{name}");
    let mut item = Map::new();
    for verb in here.iter().filter(|verb| verbs.contains(verb)) {
        let method = match verb {
            Verb::Create => "post",
            Verb::List | Verb::Get | Verb::Watch => "get",
            Verb::DeleteCollection | Verb::Delete => "delete",
            Verb::Update => "put",
            Verb::Patch => "patch",
        };
        item.insert(method.to_owned(), place.operation(*verb, of_one, method));
    }
    if item.is_empty() {
        return;
    }
    let mut parameters = Vec::new();
    if place.watch {
        parameters.extend(query_parameters(Verb::Watch));
    }
    if of_one {
        parameters.push(parameter("name", "path", "string", &format!("name of the {}", place.kind.kind)));
    }
    if path.contains("{namespace}") {
        parameters.push(parameter("namespace", "path", "string", "object name and auth scope, such as for teams and projects"));
    }
    if !place.connects() {
        parameters.push(parameter("pretty", "query", "string", "If 'true', then the output is pretty printed. Defaults to 'false' unless the user-agent indicates a browser or command-line HTTP tool (curl and wget)."));
    }
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
