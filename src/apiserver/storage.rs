//! The store as the registry writes to it: what is secret is sealed on its way in.

use std::sync::Arc;

use bytes::Bytes;
use store::{Expect, Revision, Store, Write, WriteError};

use crate::encryption::Encryption;

/// A store and the keys of what is secret in it.
pub struct SealedStore {
    store: Store,
    encryption: Arc<Encryption>,
}

/// A value that is in the store otherwise than it would be written now.
#[derive(Debug)]
pub struct Stale {
    pub key: Arc<str>,
    pub revision: Revision,
    pub value: Bytes,
}

impl SealedStore {
    pub fn new(store: Store, encryption: Arc<Encryption>) -> Self {
        Self { store, encryption }
    }
    /// As [`Store::write`].
    pub async fn write(&self, write: Write) -> Result<Revision, WriteError> {
        self.store.write(self.sealed(write)?).await
    }
    /// As [`Store::write_all`].
    pub async fn write_all(&self, writes: Vec<Write>) -> Result<Revision, WriteError> {
        self.store.write_all(writes.into_iter().map(|write| self.sealed(write)).collect::<Result<_, _>>()?).await
    }
    pub async fn close(&self) {
        self.store.close().await;
    }
    /// Writes values anew, so that none is left open or sealed with a key that is to go. What has changed meanwhile has been written by that.
    pub async fn renew(&self, stale: Vec<Stale>) -> Result<(), WriteError> {
        for Stale { key, revision, value } in stale {
            match self.write(Write::Put { key, value, expect: Expect::At(revision) }).await {
                Ok(_) | Err(WriteError::Changed { .. } | WriteError::Missing { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
    fn sealed(&self, write: Write) -> Result<Write, WriteError> {
        Ok(match write {
            Write::Put { key, value, expect } => {
                let value = self.encryption.seal(&key, value).map_err(|error| WriteError::Disk(error.to_string()))?;
                Write::Put { key, value, expect }
            }
            other => other,
        })
    }
}
