//! The write at the end of a request: the object, and in the same transaction what admission bills for it and what it claims.

use std::sync::Arc;

use api::{ApiError, Object};
use store::{Revision, Write, WriteError};

use super::{Registry, store_failure};
use crate::admission::Attributes;

/// Rounds against others who write the same quotas.
const ATTEMPTS: usize = 64;

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    #[error(transparent)]
    Refused(#[from] ApiError),
    #[error(transparent)]
    Write(#[from] WriteError),
    /// Somebody else was faster at what the object wants for itself: the key of the claim.
    #[error("{0} is claimed by another")]
    Claimed(Arc<str>),
}

impl From<CommitError> for ApiError {
    fn from(error: CommitError) -> Self {
        match error {
            CommitError::Refused(error) => error,
            CommitError::Write(error) => store_failure(&error),
            claimed @ CommitError::Claimed(_) => ApiError::internal(claimed),
        }
    }
}

impl Registry {
    /// Writes an object (none where it goes), and answers with its revision. A conflict on the object itself is the caller's.
    pub(super) async fn commit(
        &self,
        attributes: &Attributes<'_>,
        write: Write,
        object: Option<&dyn Object>,
    ) -> Result<Revision, CommitError> {
        let (Write::Put { key, .. } | Write::Delete { key, .. }) = &write;
        for _ in 0..ATTEMPTS {
            let bill = self.admission.bill(attributes, object).await?;
            let claims = self.special.writes(attributes.old, object);
            if bill.writes.is_empty() && claims.is_empty() {
                return Ok(self.store.write(write).await?);
            }
            // the last one's revision is the answer
            let writes = bill.writes.into_iter().chain(claims).chain([write.clone()]).collect();
            match self.store.write_all(writes).await {
                Err(WriteError::Changed { key: other, .. } | WriteError::Missing { key: other }) if other != *key => {}
                Err(WriteError::Exists { key: other, .. }) if other != *key => return Err(CommitError::Claimed(other)),
                result => return Ok(result?),
            }
        }
        Err(ApiError::modified("", "resourcequotas", attributes.namespace).into())
    }
}
