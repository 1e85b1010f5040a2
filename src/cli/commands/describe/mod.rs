//! `describe`: objects with what belongs to them, for people.

use serde_json::Value;

use crate::error::{CommandError, Result};

/// A pod template as `rollout history --revision` shows it.
pub fn pod_template(_template: &Value) -> Result<String> {
    Err(CommandError::message("templates of revisions cannot be shown"))
}
