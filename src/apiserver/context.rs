//! One request on its way: who asks for what, and what is to be said beside the answer.

use std::collections::BTreeMap;
use std::sync::Arc;

use api::{ApiError, FieldError, Path};
use bytes::Bytes;
use http::HeaderMap;

use crate::negotiate::Answer;
use crate::request::{Query, RequestInfo};

/// Who asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserInfo {
    pub name: String,
    pub uid: String,
    pub groups: Vec<String>,
    pub extra: BTreeMap<String, Vec<String>>,
}

impl UserInfo {
    /// A user who has shown who they are: a member of `system:authenticated` besides the groups given.
    pub fn new(name: &str, groups: &[&str]) -> Self {
        let mut groups: Vec<String> = groups.iter().map(|group| (*group).to_owned()).collect();
        groups.push("system:authenticated".to_owned());
        Self { name: name.to_owned(), groups, ..Self::default() }
    }
    /// Whoever has shown nothing.
    pub fn anonymous() -> Self {
        Self { name: "system:anonymous".to_owned(), groups: vec!["system:unauthenticated".to_owned()], ..Self::default() }
    }
    /// May do everything.
    pub fn administrator() -> Self {
        Self::new("kubernetes-admin", &["system:masters"])
    }
    /// This server itself, where it writes of its own accord.
    pub fn server() -> Self {
        Self::new("system:apiserver", &["system:masters"])
    }
    pub fn in_group(&self, group: &str) -> bool {
        self.groups.iter().any(|member| member == group)
    }
    /// `worker-1` of `system:node:worker-1`, where the user is a node.
    pub fn node_name(&self) -> Option<&str> {
        self.name.strip_prefix("system:node:").filter(|_| self.in_group("system:nodes"))
    }
}

/// A request that has been let in.
pub struct Context {
    pub user: Arc<UserInfo>,
    pub info: RequestInfo,
    pub query: Query,
    pub headers: HeaderMap,
    pub answer: Answer,
    pub body: Bytes,
    /// Become `Warning` headers.
    pub warnings: Vec<String>,
}

/// What to do about fields that the type does not have, or that stand there twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldValidation {
    Ignore,
    Warn,
    Strict,
}

/// Parameters of every write.
#[derive(Clone, Copy, Debug)]
pub struct WriteOptions {
    pub dry_run: bool,
    pub validation: FieldValidation,
}

/// A name of a manager may have this many bytes.
const FIELD_MANAGER_BYTES: usize = 128;

impl Context {
    /// Who owns the fields that this request sets: whom it names, or its user agent up to the version.
    pub fn field_manager(&self) -> String {
        if let Some(name) = self.query.filled("fieldManager") {
            return name.to_owned();
        }
        let agent = self.headers.get(http::header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
        let name = agent.split('/').next().unwrap_or_default();
        name.chars().filter(|character| !character.is_control()).take(FIELD_MANAGER_BYTES).collect()
    }
}

impl WriteOptions {
    /// Reads `dryRun` and `fieldValidation`; `kind` (`CreateOptions` and so on) is for the message.
    pub fn parse(query: &Query, kind: &str) -> Result<Self, ApiError> {
        Self::parse_after(query, kind, Vec::new())
    }
    /// Reads the parameters of a patch, of which an apply demands a manager and the others allow no force.
    pub fn parse_patch(query: &Query, applies: bool) -> Result<Self, ApiError> {
        let mut errors = Vec::new();
        if applies && query.filled("fieldManager").is_none() {
            errors.push(FieldError::required(&Path::new("fieldManager"), "is required for apply patch"));
        }
        if !applies && query.filled("force").is_some() {
            errors.push(FieldError::forbidden(&Path::new("force"), "may not be specified for non-apply patch"));
        }
        Self::parse_after(query, "PatchOptions", errors)
    }
    fn parse_after(query: &Query, kind: &str, mut errors: Vec<FieldError>) -> Result<Self, ApiError> {
        if let Some(manager) = query.filled("fieldManager") {
            let path = Path::new("fieldManager");
            if manager.len() > FIELD_MANAGER_BYTES {
                errors.push(FieldError::too_long(&path, FIELD_MANAGER_BYTES));
            }
            for (at, character) in manager.char_indices().filter(|(_, character)| character.is_control()) {
                let why = format!("invalid character U+{:04X} (at position {at})", u32::from(character));
                errors.push(FieldError::invalid(&path, manager, why));
            }
        }
        let dry_run: Vec<&str> = query.all("dryRun").collect();
        if dry_run.iter().any(|value| *value != "All") {
            errors.push(FieldError::not_supported(&Path::new("dryRun"), dry_run.clone(), &["All"]));
        }
        let validation = match query.get("fieldValidation") {
            None | Some("" | "Warn") => FieldValidation::Warn,
            Some("Ignore") => FieldValidation::Ignore,
            Some("Strict") => FieldValidation::Strict,
            Some(other) => {
                errors.push(FieldError::not_supported(&Path::new("fieldValidation"), other, &["", "Ignore", "Warn", "Strict"]));
                FieldValidation::Warn
            }
        };
        if errors.is_empty() {
            Ok(Self { dry_run: !dry_run.is_empty(), validation })
        } else {
            Err(ApiError::invalid("meta.k8s.io", kind, "", &errors))
        }
    }
}
