//! Bindings of validating admission policies.

use jiff::Timestamp;
use k8s_openapi::api::admissionregistration::v1::ValidatingAdmissionPolicyBinding;
use output::table::Cell;

use super::cell::{age, name, param_ref, row};
use super::column::{AGE, NAME, text};
use crate::Column;

pub const COLUMNS: &[Column] = &[
    NAME,
    text("PolicyName", "PolicyName indicates the policy definition which the policy binding binded to"),
    text("ParamRef", "ParamRef indicates the param resource which sets the configration param"),
    AGE,
];

pub fn cells(binding: &ValidatingAdmissionPolicyBinding, now: Timestamp) -> Vec<Cell> {
    let spec = &binding.spec;
    row![name(binding), spec.policy_name.clone(), param_ref(spec.param_ref.as_ref()), age(binding, now)]
}

#[cfg(test)]
mod tests {
    use super::super::test_support::{FIVE_MINUTES_AGO, check};
    use serde_json::{Value, json};

    fn check_parameter(parameter: Value, expected: &str) {
        let metadata = json!({"name": "b", "creationTimestamp": FIVE_MINUTES_AGO});
        let binding = json!({"metadata": metadata, "spec": {"policyName": "p", "paramRef": parameter}});
        check(&crate::VALIDATING_ADMISSION_POLICY_BINDING, binding, &format!("b|p|{expected}|5m"));
    }

    #[test]
    fn parameters() {
        check_parameter(json!(null), "<unset>");
        check_parameter(json!({"name": "n", "namespace": "ns"}), "ns/n");
        check_parameter(json!({"name": "n"}), "*/n");
        check_parameter(
            json!({"selector": {"matchLabels": {"a": "b"}}}),
            "&LabelSelector{MatchLabels:map[string]string{a: b,},MatchExpressions:[]LabelSelectorRequirement{},}",
        );
    }
}
