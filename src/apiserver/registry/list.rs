//! List: from the watch cache, in pages that belong to one state of the resource.

use std::sync::Arc;
use std::time::Duration;

use api::{ApiError, FieldError, Path};
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use base64::{DecodeError, Engine};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::StatusCause;
use kinds::{Kind, Storage};
use serde::{Deserialize, Serialize};
use store::Revision;

use super::{Endpoint, Registry};
use crate::cache::{Item, TooOld};
use crate::request::Query;
use crate::select::Selection;

/// How long a list waits for a revision that is not here yet.
const FRESH_ENOUGH: Duration = Duration::from_secs(3);

/// What a revision in `resourceVersion` demands of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// The newest.
    Newest,
    NotOlderThan(Revision),
    Exactly(Revision),
}

/// Parameters of a list.
#[derive(Clone, Debug)]
pub struct ListOptions {
    pub selection: Selection,
    pub at: At,
    /// Objects a page.
    pub limit: Option<usize>,
    start: Option<Token>,
}

/// What `continue` carries, as upstream writes it.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Token {
    #[serde(rename = "v")]
    version: String,
    #[serde(rename = "rv")]
    revision: i64,
    start: String,
}

const TOKEN_VERSION: &str = "meta.k8s.io/v1";

/// One page.
pub struct Page {
    pub items: Vec<Arc<Item>>,
    pub revision: Revision,
    pub next: Option<String>,
    pub remaining: Option<usize>,
}

impl ListOptions {
    pub fn parse(query: &Query, kind: &Kind) -> Result<Self, ApiError> {
        let mut errors = Vec::new();
        let given = query.filled("resourceVersion");
        let matching = query.filled("resourceVersionMatch");
        let path = Path::new("resourceVersionMatch");
        if let Some(matching) = matching {
            if given.is_none() {
                errors.push(FieldError::forbidden(&path, "resourceVersionMatch is forbidden unless resourceVersion is provided"));
            }
            if query.filled("continue").is_some() {
                errors.push(FieldError::forbidden(&path, "resourceVersionMatch is forbidden when continue is provided"));
            }
            if !matches!(matching, "Exact" | "NotOlderThan") {
                errors.push(FieldError::not_supported(&path, matching, &["Exact", "NotOlderThan", ""]));
            }
            if matching == "Exact" && given == Some("0") {
                errors.push(FieldError::forbidden(&path, "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\""));
            }
        }
        if query.get("sendInitialEvents").is_some() {
            errors.push(FieldError::forbidden(&Path::new("sendInitialEvents"), "sendInitialEvents is forbidden for list"));
        }
        let revision = match given {
            None => None,
            Some(text) => Some(text.parse::<Revision>().map_err(|_| invalid_revision(text))?),
        };
        if !errors.is_empty() {
            return Err(ApiError::invalid("meta.k8s.io", "ListOptions", "", &errors));
        }
        let limit = query.number("limit")?.filter(|limit| *limit > 0).and_then(|limit| usize::try_from(limit).ok());
        let start = query.filled("continue").map(Token::parse).transpose()?;
        let at = match (revision, matching) {
            (None | Some(0), _) => At::Newest,
            (Some(revision), Some("Exact")) => At::Exactly(revision),
            // a limited list of an exact revision is what upstream answers without a match, too
            (Some(revision), None) if limit.is_some() => At::Exactly(revision),
            (Some(revision), _) => At::NotOlderThan(revision),
        };
        if start.is_some() && revision.is_some_and(|revision| revision != 0) {
            return Err(ApiError::bad_request("specifying resource version is not allowed when using continue"));
        }
        Ok(Self { selection: Selection::parse(query, kind)?, at, limit, start })
    }
}

pub(super) fn invalid_revision(text: &str) -> ApiError {
    let fault = FieldError::invalid(&Path::new("resourceVersion"), text, format!("strconv.ParseUint: parsing {text:?}: invalid syntax"));
    ApiError::invalid("meta.k8s.io", "ListOptions", "", &vec![fault])
}

impl Token {
    fn parse(text: &str) -> Result<Self, ApiError> {
        let bad = |why: &str| ApiError::bad_request(format!("invalid continue token: {why}"));
        let bytes = URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).map_err(|error| {
            // Where Go's decoder stops.
            let at = match error {
                DecodeError::InvalidByte(at, _) | DecodeError::InvalidLastSymbol(at, _) => at,
                DecodeError::InvalidLength(length) => length - length % 4,
                DecodeError::InvalidPadding => text.len(),
            };
            bad(&format!("continue key is not valid: illegal base64 data at input byte {at}"))
        })?;
        let token: Self = serde_json::from_slice(&bytes).map_err(|error| bad(&format!("continue key is not valid: {error}")))?;
        if token.version != TOKEN_VERSION {
            return Err(bad("continue key is not valid: server does not recognize this encoded version \"\""));
        }
        if token.start.is_empty() {
            return Err(bad("continue key is not valid: encoded start key empty (version meta.k8s.io/v1)"));
        }
        Ok(token)
    }
    fn encode(revision: i64, start: &str) -> String {
        let token = Self { version: TOKEN_VERSION.to_owned(), revision, start: start.to_owned() };
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(&token).expect("a token always serializes"))
    }
}

impl Registry {
    /// The objects of a namespace, or of all where it is empty.
    pub async fn list(&self, endpoint: &Endpoint, namespace: &str, options: &ListOptions) -> Result<Page, ApiError> {
        if endpoint.kind.storage == Storage::Virtual {
            return Err(ApiError::method_not_allowed());
        }
        let (items, revision, after) = self.state(endpoint, namespace, options).await?;
        let relative = |item: &Item| item.key()[endpoint.resource.prefix().len()..].to_owned();
        let mut items = items;
        if let Some(after) = &after {
            let skip = items.partition_point(|item| &relative(item) < after);
            items.drain(..skip);
        }
        if endpoint.selects_shown() && options.selection.reads_fields() {
            items = endpoint.show_all(items).await?;
        }
        let selective = !options.selection.is_empty();
        if selective {
            items.retain(|item| options.selection.matches(item));
        }
        let Some(limit) = options.limit.filter(|limit| *limit < items.len()) else {
            return Ok(Page { items, revision, next: None, remaining: None });
        };
        let remaining = (!selective).then_some(items.len() - limit);
        items.truncate(limit);
        let last = items.last().map(|item| relative(item)).unwrap_or_default();
        let next = Token::encode(i64::try_from(revision).unwrap_or(i64::MAX), &format!("{last}\0"));
        Ok(Page { items, revision, next: Some(next), remaining })
    }

    /// The state that the options ask for: its objects, its revision and where the page starts.
    async fn state(
        &self,
        endpoint: &Endpoint,
        namespace: &str,
        options: &ListOptions,
    ) -> Result<(Vec<Arc<Item>>, Revision, Option<String>), ApiError> {
        let newest = || endpoint.resource.list(namespace, || self.cache.revision());
        if let Some(token) = &options.start {
            if token.revision < 0 {
                let (items, revision) = newest();
                return Ok((items, revision, Some(token.start.clone())));
            }
            let revision = Revision::try_from(token.revision).unwrap_or_default();
            return match self.past(endpoint, namespace, revision) {
                Ok(items) => Ok((items, revision, Some(token.start.clone()))),
                Err(_) => Err(continue_expired(&token.start)),
            };
        }
        let (wanted, exactly) = match options.at {
            At::Newest => {
                let (items, revision) = newest();
                return Ok((items, revision, None));
            }
            At::NotOlderThan(revision) => (revision, false),
            At::Exactly(revision) => (revision, true),
        };
        if !self.cache.wait_for(wanted, FRESH_ENOUGH).await {
            return Err(too_large(wanted, self.cache.revision()));
        }
        if !exactly {
            let (items, revision) = newest();
            return Ok((items, revision, None));
        }
        match self.past(endpoint, namespace, wanted) {
            Ok(items) => Ok((items, wanted, None)),
            Err(_) => Err(ApiError::expired("The resourceVersion for the provided list is too old.")),
        }
    }

    /// The objects at a revision that may be a past one.
    fn past(&self, endpoint: &Endpoint, namespace: &str, revision: Revision) -> Result<Vec<Arc<Item>>, TooOld> {
        let oldest = self.cache.oldest_listed();
        if revision < oldest { Err(TooOld { oldest }) } else { endpoint.resource.list_at(namespace, revision) }
    }
}

fn continue_expired(start: &str) -> ApiError {
    let mut error = ApiError::expired(
        "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the \
         continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects \
         that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.",
    );
    error.0.metadata.continue_ = Some(Token::encode(-1, start));
    error
}

/// The revision asked for has not been reached: upstream's `Too large resource version`.
pub(super) fn too_large(wanted: Revision, current: Revision) -> ApiError {
    let mut error = ApiError::timeout(format!("Too large resource version: {wanted}, current: {current}"));
    let cause = StatusCause {
        reason: Some("ResourceVersionTooLarge".to_owned()),
        message: Some("Too large resource version".to_owned()),
        field: None,
    };
    let details = error.0.details.get_or_insert_default();
    details.retry_after_seconds = Some(1);
    details.causes = Some(vec![cause]);
    error
}
