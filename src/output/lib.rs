//! Text for people and scripts from plain data: tables, yaml, json, jsonpath, go-template, custom columns, ages. Knows no kinds and no HTTP.
//!
//! Everything that kubectl prints is equal to kubectl's output to the byte; the golden files under `testdata` come from kubectl itself.
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod columns;
pub mod duration;
pub mod escape;
pub mod go_text;
pub mod json;
pub mod jsonpath;
pub mod kyaml;
pub mod name;
pub mod prefix;
pub mod sort;
pub mod table;
pub mod table_printer;
pub mod tabwriter;
pub mod template;
pub mod yaml;
