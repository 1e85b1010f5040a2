//! Small texts with a grammar: selectors, quantities, times, names.

use api::labels::Selector;

use super::Target;

pub const TARGET: Target = Target {
    name: "texts",
    seeds: &[
        b"a=b,c!=d,e in (f,g),h notin (i),j,!k,l>1,m<2",
        b"example.com/app==web, tier notin (front , back)",
        b"metadata.name=a,spec.nodeName!=b\\,c\\=d",
        b"1500m",
        b"1.5Gi",
        b"12e6",
        b"200e9998",
        b"200e200000000000000000",
        b"2026-11-22T12:34:56.789012Z",
        b"a-name.of.parts",
    ],
    run,
    rounds: 30_000,
};

fn run(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    if let Ok(selector) = Selector::parse(text) {
        let written = selector.to_string();
        assert_eq!(Selector::parse(&written).as_ref(), Ok(&selector), "{written}");
    }
    if let Ok(selector) = api::fields::Selector::parse(text) {
        selector.matches(|_| Some("x".into()));
    }
    if let Ok(canonical) = api::quantity::canonical(text) {
        assert_eq!(api::quantity::canonical(&canonical).as_deref(), Ok(canonical.as_str()), "a canonical quantity stays as it is");
    }
    let _ = api::time::parse(text);
    for prefix in [false, true] {
        let _ = api::names::dns1123_subdomain(text, prefix);
    }
}
