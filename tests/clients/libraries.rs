//! The client libraries of the field against the real cluster: each test runs one case of `library.py` or `library.mjs` in a namespace of its own. Skipped where a library
//! could not be installed.

use testkit::real_client;

/// Runs a case; what it is run by is relative to the folder of the clients.
fn check(runner: Option<&str>, script: &str, argument: Option<&str>, case: &str) {
    let words = [runner, argument].into_iter().flatten().map(|name| real_client(name).map(|path| path.display().to_string()));
    let Some(words) = words.collect::<Option<Vec<_>>>() else { return };
    let namespace = crate::shared::namespace(&format!("{}-{}", script.replace('.', "-"), case.replace('_', "-")));
    let script = crate::repository("tests/clients").join(script).display().to_string();
    // The interpreter, the script, and what the script is told.
    let (interpreter, rest) = if runner.is_some() { (words[0].as_str(), &words[1..]) } else { ("node", &words[..]) };
    let line = format!("{interpreter} {script} {} {case} {}", rest.join(" "), namespace.name);
    let printed = namespace.cluster.inside(&line).ok();
    assert_eq!(printed.lines().last(), Some(format!("{case} passed").as_str()), "{line}\n{printed}");
}

macro_rules! python {
    ($($case:ident)*) => {
        mod python {
            $(#[test]
            fn $case() {
                super::check(Some("python/environment/bin/python"), "library.py", None, stringify!($case));
            })*
        }
    };
}

macro_rules! node {
    ($($case:ident)*) => {
        mod node {
            $(#[test]
            fn $case() {
                super::check(None, "library.mjs", Some("node/node_modules/@kubernetes/client-node"), stringify!($case));
            })*
        }
    };
}

python! { objects lists every_list watches informers dynamics files election pods }
node! { objects lists watches informers pods customs }
