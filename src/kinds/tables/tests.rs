//! What holds for all tables.

use serde_json::json;

use crate::{ALL, BODIES};

#[test]
fn a_cell_for_every_column_even_of_an_empty_object() {
    for kind in ALL.iter().chain(BODIES) {
        let mut unknown = Vec::new();
        let object = kind.behaviour.decode(json!({"metadata": {"name": "bare"}}), &mut unknown).unwrap();
        let (columns, cells) = (kind.behaviour.columns(), kind.behaviour.cells(object.as_ref(), super::test_support::NOW));
        assert_eq!(columns.len(), cells.len(), "{kind:?}");
        let named = columns.iter().position(|column| column.name == "Name").unwrap_or_else(|| panic!("{kind:?} has no Name"));
        assert_eq!(cells[named], "bare".into(), "{kind:?}");
    }
}
