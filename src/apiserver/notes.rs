//! What is to be said beside the answer to a request: warnings for its author, annotations for the audit log. Whoever works on the request may add to them, however
//! deep below the handler: the notes belong to the request's task.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

/// Warnings of one request, as upstream bounds the bytes of all of them: a webhook may not fill the headers.
const WARNING_BYTES: usize = 4 << 10;
/// Characters of one warning where the sum is above the bound.
const CUT_AT: usize = 256;
const ANNOTATIONS: usize = 256;

/// The notes of one request.
#[derive(Debug, Default)]
pub struct Notes {
    warnings: Mutex<Vec<String>>,
    annotations: Mutex<BTreeMap<String, String>>,
}

tokio::task_local! {
    static NOTES: Arc<Notes>;
}

impl Notes {
    /// Works on a request whose notes these are.
    pub async fn scope<F: Future>(self: Arc<Self>, work: F) -> F::Output {
        NOTES.scope(self, work).await
    }
    /// The warnings, each once, cut where together they are too long.
    pub fn take_warnings(&self) -> Vec<String> {
        let mut warnings = std::mem::take(&mut *self.warnings.lock().unwrap_or_else(PoisonError::into_inner));
        if warnings.iter().map(String::len).sum::<usize>() > WARNING_BYTES {
            for warning in &mut warnings {
                let end = warning.char_indices().nth(CUT_AT).map_or(warning.len(), |(at, _)| at);
                warning.truncate(end);
            }
            let mut room = WARNING_BYTES;
            warnings.retain(|warning| {
                let fits = warning.len() <= room;
                room = room.saturating_sub(warning.len());
                fits
            });
        }
        warnings
    }
    pub fn annotations(&self) -> BTreeMap<String, String> {
        self.annotations.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Warns the author of the request that is being worked on. Outside of a request nobody would read it.
pub fn warn(text: impl Into<String>) {
    let text = text.into();
    let _ = NOTES.try_with(|notes| {
        let mut warnings = notes.warnings.lock().unwrap_or_else(PoisonError::into_inner);
        if !text.is_empty() && !warnings.contains(&text) {
            warnings.push(text);
        }
    });
}

/// Adds an annotation to the audit event of the request that is being worked on.
pub fn annotate(key: impl Into<String>, value: impl Into<String>) {
    let _ = NOTES.try_with(|notes| {
        let mut annotations = notes.annotations.lock().unwrap_or_else(PoisonError::into_inner);
        if annotations.len() < ANNOTATIONS {
            annotations.insert(key.into(), value.into());
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_request_has_its_own_notes() {
        warn("nobody reads this");
        let notes = Arc::new(Notes::default());
        notes
            .clone()
            .scope(async {
                warn("once");
                warn("once");
                annotate("a/b", "c");
            })
            .await;
        assert_eq!(notes.take_warnings(), ["once"]);
        assert_eq!(notes.annotations(), [("a/b".to_owned(), "c".to_owned())].into());
        notes
            .clone()
            .scope(async {
                for number in 0..100 {
                    warn(format!("{number}{}", "x".repeat(300)));
                }
            })
            .await;
        let cut = notes.take_warnings();
        assert!(cut.iter().map(String::len).sum::<usize>() <= WARNING_BYTES && !cut.is_empty());
    }
}
