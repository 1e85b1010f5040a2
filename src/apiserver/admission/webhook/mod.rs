//! MutatingAdmissionWebhook and ValidatingAdmissionWebhook: HTTPS servers of users that look at requests, and change or refuse them.

mod call;
mod configuration;
mod mutating;
mod review;
mod validating;

pub use review::{Seen, put_back, request as review_of};

pub use mutating::{Asked, MutatingAdmissionWebhook};
pub use validating::ValidatingAdmissionWebhook;
