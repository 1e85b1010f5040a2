use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelectorRequirement;
use proptest::prelude::*;

use super::*;

fn labels(text: &str) -> Labels {
    text.split(',').filter_map(|pair| pair.split_once('=')).map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
}

/// `expected` is the selector written back.
fn check(text: &str, expected: &str) {
    let selector = Selector::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    assert_eq!(selector.to_string(), expected, "{text}");
    assert_eq!(Selector::parse(expected).as_ref(), Ok(&selector), "{expected}");
}

fn check_error(text: &str, expected: &str) {
    assert_eq!(Selector::parse(text).unwrap_err().to_string(), expected, "{text}");
}

#[test]
fn texts() {
    check("", "");
    check("x=a,y=b,z=c", "x=a,y=b,z=c");
    check("x=a,a=x", "a=x,x=a");
    check("x!=a,y=b", "x!=a,y=b");
    check("x= ,z= ", "x=,z=");
    check("!x", "!x");
    check("x>1,z<5", "x>1,z<5");
    check("x == a", "x==a");
    check("env in(test,test1)", "env in (test,test1)");
    check("app notin (x)", "app notin (x)");
    check(" \n x in ( b , a ) , !y ", "x in (a,b),!y");
    check("x in (),y", "x in (),y");
    check("x in (,)", "x in ()");
    check("x in (a,,b)", "x in (,a,b)");
    check("notin=in", "notin=in");
    check("x in (in,notin)", "x in (in,notin)");
    check("in in (a)", "in in (a)");
    check("a.b/c=d", "a.b/c=d");
}

#[test]
fn errors() {
    let invalid = "Invalid value: \"a||y\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
    check_error("x=a||y=b", &format!("unable to parse requirement: values[0][x]: {invalid}"));
    check_error("x==a==b", "found '==', expected: ',' or 'end of string'");
    check_error("!x=a", "found '=', expected: ',' or 'end of string'");
    check_error(
        "x<a",
        "unable to parse requirement: values[0]: Invalid value: \"a\": for 'Gt', 'Lt' operators, the value must be an integer",
    );
    check_error("a,", "found '', expected: identifier after ','");
    check_error(",a", "found ',', expected: !, identifier, or 'end of string'");
    check_error("x in a", "unable to parse requirement: found 'a' expected: '('");
    check_error("x in (a", "unable to parse requirement: found '', expected: ',' or ')'");
    check_error("x in (a b)", "unable to parse requirement: found 'b', expected: ',' or ')'");
    check_error("x in (=)", "unable to parse requirement: found '=', expected: ',', ')' or identifier");
    check_error("x y", "unable to parse requirement: found 'y', expected: in, notin, =, ==, !=, gt, lt");
    check_error("!", "unable to parse requirement: found '', expected: identifier");
    check_error("x=(", "unable to parse requirement: found '(', expected: identifier");
    check_error(
        "a/=b",
        "unable to parse requirement: <nil>: Invalid value: \"a/\": name part must be non-empty; name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
    );
}

#[test]
fn matching() {
    let table = [
        ("", "x=y", true),
        ("x=y", "x=y", true),
        ("x=y,z=w", "x=y,z=w", true),
        ("x!=y,z!=w", "x=z,z=a", true),
        ("notin=in", "notin=in", true),
        ("x", "x=z", true),
        ("!x", "y=z", true),
        ("x>1", "x=2", true),
        ("x<1", "x=0", true),
        ("x!=y", "", true),
        ("x notin (a,b)", "x=c", true),
        ("x in (a,b)", "x=b", true),
        ("x=z", "", false),
        ("x=y,z=w", "x=w,z=w", false),
        ("x", "y=z", false),
        ("!x", "x=z", false),
        ("x>1", "x=0", false),
        ("x>1", "x=many", false),
        ("x in (a,b)", "", false),
    ];
    for (selector, object, expected) in table {
        assert_eq!(Selector::parse(selector).unwrap().matches(&labels(object)), expected, "{selector} on {object}");
    }
    assert!(Selector::everything().matches(None));
    assert!(!Selector::nothing().matches(None));
    assert_eq!(Selector::parse("a in (b),c").unwrap().exact_value("a"), Some("b"));
}

#[test]
fn structured() {
    let expression = |operator: &str, values: &[&str]| LabelSelectorRequirement {
        key: "k".to_owned(),
        operator: operator.to_owned(),
        values: Some(values.iter().map(ToString::to_string).collect()),
    };
    let selector = |expression| LabelSelector { match_labels: Some(labels("a=b")), match_expressions: Some(vec![expression]) };
    let text = |selector: LabelSelector| Selector::from_label_selector(Some(&selector)).map(|selector| selector.to_string());
    assert_eq!(text(selector(expression("NotIn", &["y", "x"]))).as_deref(), Ok("a=b,k notin (x,y)"));
    assert_eq!(text(selector(expression("DoesNotExist", &[]))).as_deref(), Ok("a=b,!k"));
    assert_eq!(text(selector(expression("in", &["x"]))).unwrap_err().to_string(), "\"in\" is not a valid label selector operator");
    assert_eq!(
        text(selector(expression("In", &[]))).unwrap_err().to_string(),
        "values: Invalid value: []: for 'in', 'notin' operators, values set can't be empty"
    );
    assert!(Selector::from_label_selector(None).unwrap().is_nothing());
    assert_eq!(format_label_selector(Some(&LabelSelector::default())), "<none>");
}

proptest! {
    #[test]
    fn any_text_is_parsed_or_refused(text in "[a-c=!<>(), inot]{0,24}") {
        if let Ok(selector) = Selector::parse(&text) {
            let written = selector.to_string();
            prop_assert_eq!(Selector::parse(&written), Ok(selector), "{} -> {}", text, written);
        }
    }
}
