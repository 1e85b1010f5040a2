//! The API server: HTTP, authentication, authorization, admission, one generic registry for every kind, the watch cache, discovery, OpenAPI, subresources and the
//! way to kubelets. It knows kinds only through their rows in `kinds::ALL`, and no controller, scheduler or kubelet.
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod admission;
pub mod authn;
pub mod authz;
mod bootstrap;
pub mod cache;
mod catalog;
mod config;
mod context;
mod custom;
mod discovery;
mod flow;
mod health;
mod metrics;
mod negotiate;
mod node;
mod openapi;
mod protobuf;
pub mod registry;
mod render;
mod request;
mod respond;
mod reviews;
mod select;
mod serve;
mod server;
mod service;
mod special;
mod strict;
mod subresource;

pub use config::{Address, Config};
pub use context::{Context, FieldValidation, UserInfo, WriteOptions};
pub use node::{AsyncReadWrite, NoNodes, NodeDialer};
pub use server::{Server, StartError};
pub use service::InProcess;
