//! The API server: HTTP, authentication, authorization, admission, one generic registry for every kind, the watch cache, discovery, OpenAPI, subresources and the
//! way to kubelets. It knows kinds only through their rows in `kinds::ALL`, and no controller, scheduler or kubelet.
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod admission;
mod aggregation;
pub mod audit;
pub mod authn;
pub mod authz;
mod bootstrap;
pub mod cache;
mod callout;
mod catalog;
mod config;
mod context;
mod custom;
mod discovery;
mod encryption;
mod flow;
mod health;
mod metrics;
mod negotiate;
mod node;
mod notes;
mod openapi;
mod policy_status;
mod protobuf;
pub mod registry;
mod relay;
mod render;
mod request;
mod respond;
mod reviews;
mod select;
mod serve;
mod server;
mod service;
pub mod service_reference;
mod special;
mod storage;
mod strict;
mod subresource;
mod told;

pub use authn::oidc::OidcConfig;
pub use config::{Address, Config, FrontProxy, Security};
pub use context::{Context, FieldValidation, UserInfo, WriteOptions};
pub use encryption::KEY_BYTES as ENCRYPTION_KEY_BYTES;
pub use node::{AsyncReadWrite, NoNodes, NodeDialer};
pub use server::{Server, StartError};
pub use service::InProcess;
