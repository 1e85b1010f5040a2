//! Text for people and scripts from plain data: tables, yaml, json, jsonpath, go-template, custom columns, ages. Knows no kinds and no HTTP.
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod table;
