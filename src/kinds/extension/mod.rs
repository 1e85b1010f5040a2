//! What extends the API server: custom resources, webhooks, admission policies, aggregated APIs; and its flow control.

pub(crate) mod admission_policy;
pub(crate) mod api_service;
mod client_config;
pub(crate) mod custom_resource;
pub(crate) mod flow_control;
pub(crate) mod runtime_class;
pub(crate) mod webhook;

#[cfg(test)]
mod tests;
