//! The part of the table that changes with the cluster, as data, and the transaction that leads from one state of it to another.
use std::collections::BTreeMap;
use std::fmt::Write;

/// The maps and sets that the table's fixed chains look into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Collection {
    /// Address, protocol and port of a service, to its chain.
    ServiceIps,
    /// Protocol and port on the node's addresses, to the chain.
    ServiceNodePorts,
    /// Address, protocol and port of a service that nobody serves, to its refusal.
    NoEndpointServices,
    /// The same for ports of the node.
    NoEndpointNodePorts,
    /// Addresses of all services.
    ClusterIps,
    /// Source and destination of pods that reach themselves through a service.
    Hairpin,
}

impl Collection {
    pub(crate) const ALL: [Collection; 6] = [
        Collection::ServiceIps,
        Collection::ServiceNodePorts,
        Collection::NoEndpointServices,
        Collection::NoEndpointNodePorts,
        Collection::ClusterIps,
        Collection::Hairpin,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Collection::ServiceIps => "service-ips",
            Collection::ServiceNodePorts => "service-nodeports",
            Collection::NoEndpointServices => "no-endpoint-services",
            Collection::NoEndpointNodePorts => "no-endpoint-nodeports",
            Collection::ClusterIps => "cluster-ips",
            Collection::Hairpin => "hairpin-connections",
        }
    }

    pub(crate) fn definition(self) -> &'static str {
        match self {
            Collection::ServiceIps | Collection::NoEndpointServices => "type ipv4_addr . inet_proto . inet_service : verdict",
            Collection::ServiceNodePorts | Collection::NoEndpointNodePorts => "type inet_proto . inet_service : verdict",
            Collection::ClusterIps => "type ipv4_addr",
            Collection::Hairpin => "type ipv4_addr . ipv4_addr",
        }
    }

    /// Whether elements have a verdict.
    pub(crate) fn is_map(self) -> bool {
        !matches!(self, Collection::ClusterIps | Collection::Hairpin)
    }
}

/// Chains with their rules, sets with their definitions, elements with their verdicts: all in nft's own words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ruleset {
    pub(crate) sets: BTreeMap<String, String>,
    pub(crate) chains: BTreeMap<String, Vec<String>>,
    pub(crate) elements: BTreeMap<(Collection, String), String>,
}

impl Ruleset {
    /// Adds an element; of two claims to one key the first stays.
    pub(crate) fn claim(&mut self, collection: Collection, key: String, verdict: impl Into<String>) {
        self.elements.entry((collection, key)).or_insert_with(|| verdict.into());
    }
}

/// The commands that turn `old` into `new` inside the table, in an order that never refers to what is not there. Empty when there is nothing to do.
pub(crate) fn transaction(table: &str, old: &Ruleset, new: &Ruleset) -> String {
    let mut text = String::new();
    let mut line = |command: std::fmt::Arguments<'_>| {
        // writing to a string does not fail
        let _ = writeln!(text, "{command}");
    };
    for (name, definition) in new.sets.iter().filter(|(name, _)| !old.sets.contains_key(*name)) {
        line(format_args!("add set ip {table} {name} {{ {definition} ; }}"));
    }
    let changed: Vec<(&String, &Vec<String>)> = new.chains.iter().filter(|(name, rules)| old.chains.get(*name) != Some(*rules)).collect();
    for (name, _) in &changed {
        let verb = if old.chains.contains_key(*name) { "flush" } else { "add" };
        line(format_args!("{verb} chain ip {table} {name}"));
    }
    for (name, rules) in &changed {
        for rule in *rules {
            line(format_args!("add rule ip {table} {name} {rule}"));
        }
    }
    for (verb, elements) in [("delete", element_changes(new, old, false)), ("add", element_changes(old, new, true))] {
        for (collection, list) in elements {
            line(format_args!("{verb} element ip {table} {} {{ {} }}", collection.name(), list.join(", ")));
        }
    }
    let removed: Vec<&String> = old.chains.keys().filter(|name| !new.chains.contains_key(*name)).collect();
    // a chain may be the target of another one that goes too
    for verb in ["flush", "delete"] {
        for name in &removed {
            line(format_args!("{verb} chain ip {table} {name}"));
        }
    }
    for name in old.sets.keys().filter(|name| !new.sets.contains_key(*name)) {
        line(format_args!("delete set ip {table} {name}"));
    }
    text
}

/// The elements of `whole` that `other` does not have with the same verdict, by collection.
fn element_changes(other: &Ruleset, whole: &Ruleset, with_verdict: bool) -> BTreeMap<Collection, Vec<String>> {
    let mut changes: BTreeMap<Collection, Vec<String>> = BTreeMap::new();
    for ((collection, key), verdict) in &whole.elements {
        if other.elements.get(&(*collection, key.clone())) == Some(verdict) {
            continue;
        }
        let element = if with_verdict && collection.is_map() { format!("{key} : {verdict}") } else { key.clone() };
        changes.entry(*collection).or_default().push(element);
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ruleset(chains: &[(&str, &[&str])], elements: &[(&str, &str)], sets: &[&str]) -> Ruleset {
        Ruleset {
            sets: sets.iter().map(|name| ((*name).to_owned(), "type ipv4_addr".to_owned())).collect(),
            chains: chains
                .iter()
                .map(|(name, rules)| ((*name).to_owned(), rules.iter().map(|rule| (*rule).to_owned()).collect()))
                .collect(),
            elements: elements.iter().map(|(key, verdict)| ((Collection::ServiceIps, (*key).to_owned()), (*verdict).to_owned())).collect(),
        }
    }

    fn check(old: &Ruleset, new: &Ruleset, expected: &[&str]) {
        assert_eq!(transaction("t", old, new).lines().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn only_differences_in_an_order_without_dangling_references() {
        let one = ruleset(&[("a", &["accept"]), ("b", &["goto a"])], &[("k1", "goto a"), ("k2", "goto b")], &["s1"]);
        let two = ruleset(&[("a", &["drop"]), ("c", &["goto a", "drop"])], &[("k1", "goto a"), ("k2", "goto c")], &["s2"]);
        check(&one, &one, &[]);
        check(
            &one,
            &two,
            &[
                "add set ip t s2 { type ipv4_addr ; }",
                "flush chain ip t a",
                "add chain ip t c",
                "add rule ip t a drop",
                "add rule ip t c goto a",
                "add rule ip t c drop",
                "delete element ip t service-ips { k2 }",
                "add element ip t service-ips { k2 : goto c }",
                "flush chain ip t b",
                "delete chain ip t b",
                "delete set ip t s1",
            ],
        );
        check(
            &one,
            &Ruleset::default(),
            &[
                "delete element ip t service-ips { k1, k2 }",
                "flush chain ip t a",
                "flush chain ip t b",
                "delete chain ip t a",
                "delete chain ip t b",
                "delete set ip t s1",
            ],
        );
    }
}
