//! Budgets, quotas, ranges, priorities and autoscaling.

pub(crate) mod autoscaler;
pub(crate) mod disruption_budget;
pub(crate) mod limit_range;
pub(crate) mod priority_class;
pub(crate) mod resource_quota;

#[cfg(test)]
mod tests;
