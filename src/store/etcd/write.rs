//! Writes as transactions: every expectation a comparison, every change an operation, and where a comparison fails, the reads that tell which one and why.

use std::sync::Arc;

use etcd_client::{Compare, CompareOp, Txn, TxnOp, TxnOpResponse};

use super::Engine;
use crate::{Expect, Revision, Write, WriteError};

impl Engine {
    /// Makes all of the changes or none.
    pub(super) async fn write(&self, writes: Vec<Write>) -> Result<Revision, WriteError> {
        let mut comparisons = Vec::with_capacity(writes.len());
        let mut operations = Vec::with_capacity(writes.len());
        let mut reads = Vec::with_capacity(writes.len());
        for write in &writes {
            let (key, expect) = of(write);
            let full = format!("{}{key}", self.root);
            comparisons.push(match expect {
                Expect::Absent => Compare::version(full.as_bytes(), CompareOp::Equal, 0),
                Expect::At(revision) => Compare::mod_revision(full.as_bytes(), CompareOp::Equal, signed(revision)),
            });
            reads.push(TxnOp::get(full.as_bytes(), None));
            operations.push(match write {
                Write::Put { value, .. } => TxnOp::put(full.as_bytes(), value.as_ref(), None),
                Write::Delete { .. } => TxnOp::delete(full.as_bytes(), None),
            });
        }
        let transaction = Txn::new().when(comparisons).and_then(operations).or_else(reads);
        let answer = self.client.kv_client().txn(transaction).await.map_err(|error| WriteError::Remote(error.to_string()))?;
        if answer.succeeded() {
            let header = answer.header().ok_or_else(|| WriteError::Remote("an answer without a header".to_owned()))?;
            return Ok(header.revision().unsigned_abs());
        }
        let found = answer.op_responses().into_iter().map(|response| match response {
            TxnOpResponse::Get(found) => found.kvs().first().map(|entry| entry.mod_revision().unsigned_abs()),
            _ => None,
        });
        let refused = writes.iter().zip(found).find_map(|(write, found)| refusal(write, found));
        // what was different at the comparison is read in the same transaction: there is a reason
        Err(refused.unwrap_or_else(|| WriteError::Remote("a transaction failed without a reason".to_owned())))
    }
}

fn of(write: &Write) -> (&Arc<str>, Expect) {
    match write {
        Write::Put { key, expect, .. } | Write::Delete { key, expect } => (key, *expect),
    }
}

fn signed(revision: Revision) -> i64 {
    i64::try_from(revision).unwrap_or(i64::MAX)
}

/// Why a write does not happen, given the revision at which its key was last written.
fn refusal(write: &Write, found: Option<Revision>) -> Option<WriteError> {
    let (key, expect) = of(write);
    let key = key.clone();
    match (found, expect) {
        (None, Expect::Absent) if matches!(write, Write::Put { .. }) => None,
        (None, _) => Some(WriteError::Missing { key }),
        (Some(revision), Expect::Absent) => Some(WriteError::Exists { key, revision }),
        (Some(actual), Expect::At(expected)) if actual == expected => None,
        (Some(actual), Expect::At(expected)) => Some(WriteError::Changed { key, expected, actual }),
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    #[test]
    fn refusals_have_a_reason() {
        let put = |expect| Write::Put { key: "a".into(), value: Bytes::new(), expect };
        let delete = |expect| Write::Delete { key: "a".into(), expect };
        let check = |write: Write, found: Option<Revision>, expected: Option<&str>| {
            assert_eq!(refusal(&write, found).map(|error| error.to_string()).as_deref(), expected);
        };
        check(put(Expect::Absent), None, None);
        check(put(Expect::Absent), Some(3), Some("key a exists"));
        check(put(Expect::At(2)), Some(2), None);
        check(put(Expect::At(2)), Some(3), Some("key a was written at revision 3, not 2"));
        check(put(Expect::At(2)), None, Some("key a does not exist"));
        check(delete(Expect::At(2)), Some(2), None);
        check(delete(Expect::Absent), None, Some("key a does not exist"));
    }
}
