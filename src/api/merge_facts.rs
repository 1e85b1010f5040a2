//! The facts about merging as they stand in their table, for those who publish them. [`crate::schema`] makes use of them.

use crate::schema::ATOMIC_TYPES;

const FACTS: &str = include_str!("merge_keys.tsv");

/// Type, field, patch strategy, merge key, list type, keys of the list, map type; `-` where nothing is said.
pub fn rows() -> impl Iterator<Item = [&'static str; 7]> {
    FACTS.lines().filter(|row| !row.starts_with("type\t")).filter_map(|row| {
        let cells: Vec<&'static str> = row.split('\t').collect();
        cells.try_into().ok()
    })
}

/// Whether server-side apply owns values of a type as a whole.
pub fn is_atomic(type_name: &str) -> bool {
    ATOMIC_TYPES.contains(&type_name)
}
