//! Statuses that the server itself writes, through the path that everybody's take.

use api::{ApiError, Typed};
use kinds::{Kind, Part};

use super::{Change, Registry, Strategy, Tracking};
use crate::context::{FieldValidation, UserInfo, WriteOptions};

const WRITE: WriteOptions = WriteOptions { dry_run: false, validation: FieldValidation::Ignore };

impl Registry {
    /// Changes the status (or the metadata that comes with it) of an object of a cluster-scoped kind.
    pub async fn change_status<T: Typed>(
        &self,
        kind: &'static Kind,
        name: &str,
        user: &UserInfo,
        change: impl Fn(&mut T),
    ) -> Result<(), ApiError> {
        let what = Change {
            namespace: "",
            name,
            subresource: "status",
            strategy: Strategy::Part(Part::Status),
            user,
            options: WRITE,
            tracking: Tracking::Update("kube-apiserver"),
        };
        let mut warnings = Vec::new();
        let made = self.change(self.of(kind), &what, &mut warnings, |_, old, _| {
            let mut new: T = old.downcast_ref().cloned().ok_or_else(ApiError::no_such_resource)?;
            change(&mut new);
            Ok(Box::new(new))
        });
        made.await.map(|_| ())
    }
}
