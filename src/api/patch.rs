//! The patch kinds of the API and how the client makes them: RFC 6902 ([`json`]), RFC 7386 ([`merge`]) and strategic merge ([`strategic`]),
//! with the three-way patches of `kubectl apply`. Server-side apply lives with its field owners in the API server.

pub mod json;
pub mod merge;
pub mod strategic;

use serde_json::Value;

use crate::gvk::Gvk;
use crate::schema::Schema;
use crate::status::ApiError;

/// Why a patch could not be applied or made; the words are upstream's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PatchError {
    /// The patch is malformed: the client's fault, 400.
    #[error("{0}")]
    Malformed(String),
    /// The patch is well formed and does not fit the object, 422.
    #[error("{0}")]
    Unprocessable(String),
    /// Upstream has no special case for it: 500.
    #[error("{0}")]
    Other(String),
    /// Changes made by others since the last apply clash with the patch.
    #[error("patch:\n{patch}\nconflicts with changes made from original to current:\n{changes}\n")]
    Conflict { patch: String, changes: String },
    /// More operations than a JSON patch may have, 413.
    #[error("The allowed maximum operations in a JSON patch is {allowed}, got {actual}")]
    TooManyOperations { allowed: usize, actual: usize },
}

impl PatchError {
    /// As the API server answers it.
    pub fn to_status(&self) -> ApiError {
        match self {
            Self::Malformed(message) => ApiError::bad_request(message.clone()),
            Self::Unprocessable(_) => ApiError::unprocessable(),
            Self::TooManyOperations { .. } => ApiError::too_large(self.to_string()),
            Self::Other(_) | Self::Conflict { .. } => ApiError::internal_plain(self.to_string()),
        }
    }
}

/// The patch that `kubectl apply` sends: from what was applied last, to what is to be applied, seen what is there. Strategic for built-in kinds,
/// JSON merge for the others.
pub fn three_way(gvk: &Gvk, original: &Value, modified: &Value, current: &Value, overwrite: bool) -> Result<Value, PatchError> {
    if Schema::is_built_in(gvk) {
        strategic::three_way(gvk, original, modified, current, overwrite)
    } else {
        merge::three_way(original, modified, current)
    }
}

/// False where a patch would change apiVersion, kind or name: upstream's preconditions of apply and edit.
pub fn keeps_identity(patch: &Value) -> bool {
    let has = |value: &Value, key| value.get(key).is_some();
    !has(patch, "apiVersion") && !has(patch, "kind") && !patch.get("metadata").is_some_and(|metadata| has(metadata, "name"))
}
