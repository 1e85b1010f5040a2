//! Roles and the bindings of them.

use std::collections::BTreeMap;

use serde_json::Value;

use super::page::{Page, put};
use super::tree::Tree;

/// A rule as it is shown: one resource or one URL.
#[derive(Clone, Debug, Default)]
struct Rule {
    verbs: Vec<String>,
    groups: Vec<String>,
    resources: Vec<String>,
    names: Vec<String>,
    urls: Vec<String>,
}

fn bracketed(texts: &[String]) -> String {
    format!("[{}]", texts.join(" "))
}

impl Rule {
    /// What rules are sorted by: upstream's text of the struct.
    fn order(&self) -> String {
        format!(
            "&PolicyRule{{Verbs:{},APIGroups:{},Resources:{},ResourceNames:{},NonResourceURLs:{},}}",
            bracketed(&self.verbs),
            bracketed(&self.groups),
            bracketed(&self.resources),
            bracketed(&self.names),
            bracketed(&self.urls)
        )
    }

    /// `pods.group/status`.
    fn resource(&self) -> String {
        let Some(resource) = self.resources.first() else { return String::new() };
        let (name, subresource) = resource.split_once('/').map_or((resource.as_str(), None), |(name, sub)| (name, Some(sub)));
        let group = self.groups.first().filter(|group| !group.is_empty()).map(|group| format!(".{group}")).unwrap_or_default();
        format!("{name}{group}{}", subresource.map(|sub| format!("/{sub}")).unwrap_or_default())
    }
}

/// Rules taken apart to single resources and put together again by their verbs.
fn compact(rules: &[Value]) -> Vec<Rule> {
    let owned = |rule: &Value, field| rule.texts(field).into_iter().map(str::to_owned).collect::<Vec<String>>();
    let mut simple: BTreeMap<(String, String, Option<String>), Rule> = BTreeMap::new();
    let mut compacted = Vec::new();
    for rule in rules {
        let verbs = owned(rule, "verbs");
        let names = owned(rule, "resourceNames");
        let names: Vec<Option<String>> = if names.is_empty() { vec![None] } else { names.into_iter().map(Some).collect() };
        for group in owned(rule, "apiGroups") {
            for resource in owned(rule, "resources") {
                for (verb, name) in verbs.iter().flat_map(|verb| names.iter().map(move |name| (verb, name))) {
                    let known = simple.entry((group.clone(), resource.clone(), name.clone())).or_insert_with(|| Rule {
                        groups: vec![group.clone()],
                        resources: vec![resource.clone()],
                        names: name.iter().cloned().collect(),
                        ..Rule::default()
                    });
                    if !known.verbs.contains(verb) {
                        known.verbs.push(verb.clone());
                    }
                }
            }
        }
        for url in owned(rule, "nonResourceURLs") {
            compacted.extend(verbs.iter().map(|verb| Rule { urls: vec![url.clone()], verbs: vec![verb.clone()], ..Rule::default() }));
        }
    }
    compacted.extend(simple.into_values());
    compacted.sort_by_cached_key(Rule::order);
    compacted
}

/// Rules as rows of resource, URLs, names and verbs: what roles allow, and what `auth can-i --list` tells.
pub fn rows(rules: &[Value]) -> impl Iterator<Item = [String; 4]> {
    compact(rules).into_iter().map(|rule| [rule.resource(), bracketed(&rule.urls), bracketed(&rule.names), bracketed(&rule.verbs)])
}

pub fn role(page: &mut Page, role: &Value) {
    page.field(0, "Name", role.text("metadata.name"));
    page.labels_and_annotations(role);
    page.write(0, "PolicyRule:\n");
    page.write(1, "Resources\tNon-Resource URLs\tResource Names\tVerbs\n");
    page.write(1, "---------\t-----------------\t--------------\t-----\n");
    for row in rows(role.list("rules")) {
        put!(page, 1, "{}\n", row.join("\t"));
    }
}

pub fn binding(page: &mut Page, binding: &Value) {
    page.field(0, "Name", binding.text("metadata.name"));
    page.labels_and_annotations(binding);
    page.write(0, "Role:\n");
    page.field(1, "Kind", binding.text("roleRef.kind"));
    page.field(1, "Name", binding.text("roleRef.name"));
    page.write(0, "Subjects:\n");
    page.write(1, "Kind\tName\tNamespace\n");
    page.write(1, "----\t----\t---------\n");
    for subject in binding.list("subjects") {
        put!(page, 1, "{}\t{}\t{}\n", subject.text("kind"), subject.text("name"), subject.text("namespace"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_told_by_resource() {
        let object: Value = serde_yaml::from_str(
            "
metadata: {name: r}
rules:
- {apiGroups: ['', apps], resources: [pods, pods/status], verbs: [get, list]}
- {apiGroups: [''], resources: [pods], verbs: [list, watch]}
- {apiGroups: [''], resources: [secrets], resourceNames: [s], verbs: [get]}
- {nonResourceURLs: [/x], verbs: [get]}
",
        )
        .unwrap();
        let mut page = Page::new(jiff::Timestamp::UNIX_EPOCH);
        role(&mut page, &object);
        assert_eq!(
            page.finish(),
            "Name:         r
Labels:       <none>
Annotations:  <none>
PolicyRule:
  Resources         Non-Resource URLs  Resource Names  Verbs
  ---------         -----------------  --------------  -----
  pods              []                 []              [get list watch]
  pods/status       []                 []              [get list]
  pods.apps/status  []                 []              [get list]
  pods.apps         []                 []              [get list]
                    [/x]               []              [get]
  secrets           []                 [s]             [get]
"
        );
    }
}
