//! A JSON Schema of the scenario file, for editors: completion, hover texts, first checks.

use serde_json::{Map, Value, json};

use super::keys::{KEYS, Key, KeySpec, Takes};

/// The schema, made from the table of keys.
#[must_use]
pub fn schema() -> Value {
    let mut properties = Map::new();
    for (name, text) in [
        ("title", "One line, for charts and lists"),
        ("question", "What the scenario is meant to answer"),
        ("description", "Longer text"),
        ("extends", "Another scenario to start from: a name, or a path relative to this file"),
    ] {
        properties.insert(name.to_owned(), json!({ "type": "string", "description": text }));
    }
    for spec in KEYS {
        let (table, key) = spec.name.split_once('.').unwrap_or((spec.name, ""));
        let entry = properties.entry(table).or_insert_with(empty_table);
        entry["properties"][key] = value_of(spec);
    }
    properties["horizon"]["properties"]["start"] = json!({ "type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$", "description": "calendar month of month 1" });
    properties["price"]["properties"]["changes"] = changes();
    let mut in_segment = Map::new();
    for table in super::segment::tables() {
        let mut own = properties[table].clone();
        if let Some(inputs) = own["properties"].as_object_mut() {
            inputs.remove(Key::ActiveUsers.name().trim_start_matches("market."));
        }
        in_segment.insert(table.to_owned(), own);
    }
    in_segment.insert("share".to_owned(), json!({ "type": "number", "minimum": 0, "maximum": 1 }));
    in_segment.insert("counts_toward_target".to_owned(), json!({ "type": "boolean", "default": true }));
    properties.insert(
        "segments".to_owned(),
        json!({ "type": "object", "additionalProperties": {
        "type": "object", "additionalProperties": false, "required": ["share"], "properties": in_segment } }),
    );
    properties.insert("events".to_owned(), events());
    properties.insert("correlations".to_owned(), correlations());
    properties.insert("sources".to_owned(), sources());
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "breakeven scenario",
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
        "definitions": { "distribution": distributions() },
    })
}

fn empty_table() -> Value {
    json!({ "type": "object", "additionalProperties": false, "properties": {} })
}

/// A bare number, or a table with a number or a distribution, a source and a note.
fn value_of(spec: &KeySpec) -> Value {
    let mut number = json!({ "type": if spec.takes == Takes::Integer { "integer" } else { "number" } });
    let (low, high) = (
        if spec.range.low_open { "exclusiveMinimum" } else { "minimum" },
        if spec.range.high_open { "exclusiveMaximum" } else { "maximum" },
    );
    if spec.range.low.is_finite() {
        number[low] = json!(spec.range.low);
    }
    if spec.range.high.is_finite() {
        number[high] = json!(spec.range.high);
    }
    let mut in_table = Map::new();
    in_table.insert("value".to_owned(), number.clone());
    for (name, text) in [("source", "A key of [sources]"), ("note", "Why this value")] {
        in_table.insert(name.to_owned(), json!({ "type": "string", "description": text }));
    }
    if spec.takes == Takes::Input {
        for kind in super::distribution::DISTRIBUTIONS {
            let reference = json!({ "$ref": format!("#/definitions/distribution/{kind}") });
            in_table.insert((*kind).to_owned(), reference);
        }
    }
    if spec.key == Key::Investment {
        in_table.insert("implied_by".to_owned(), json!({ "enum": ["target", "target_ramp"] }));
    }
    let default = spec.default.map_or(String::new(), |x| format!(" Default: {x}."));
    json!({
        "description": format!("{} ({}), {}: {}.{default}", spec.symbol, spec.unit, spec.range, spec.meaning),
        "anyOf": [number, { "type": "object", "additionalProperties": false, "properties": in_table }],
    })
}

fn distributions() -> Value {
    let mut out = Map::new();
    for kind in super::distribution::DISTRIBUTIONS {
        let (required, optional) = super::distribution::parameters(kind);
        let mut properties = Map::new();
        for name in required.iter().copied().flatten().chain(optional) {
            let list = json!({ "type": "array", "items": { "type": "number" }, "minItems": 1 });
            let number = json!({ "type": "number" });
            let of = if matches!(*name, "values" | "weights") { list } else { number };
            properties.insert((*name).to_owned(), of);
        }
        let forms: Vec<Value> = required.iter().map(|names| json!({ "required": names })).collect();
        out.insert(
            (*kind).to_owned(),
            json!({
            "type": "object", "additionalProperties": false, "properties": properties, "oneOf": forms }),
        );
    }
    Value::Object(out)
}

fn changes() -> Value {
    json!({ "type": "array", "description": "list price from a month on", "items": {
        "type": "object", "additionalProperties": false, "required": ["month"],
        "oneOf": [{ "required": ["monthly"] }, { "required": ["times"] }], "properties": {
            "month": { "type": "integer", "minimum": 1 },
            "monthly": { "type": "number", "minimum": 0 },
            "times": { "type": "number", "exclusiveMinimum": 0, "description": "times `monthly`, the price at launch" } } } })
}

fn events() -> Value {
    let multiplier = json!({ "type": "number", "minimum": 0, "default": 1 });
    json!({ "type": "array", "items": { "type": "object", "additionalProperties": false,
        "required": ["name", "annual_probability"], "properties": {
            "name": { "type": "string" },
            "annual_probability": { "type": "number", "minimum": 0, "maximum": 1 },
            "duration_months": { "type": "integer", "minimum": 0, "default": 0, "description": "0: for good" },
            "churn_multiplier": multiplier, "uptake_multiplier": multiplier, "market_multiplier": multiplier,
            "serving_cost_multiplier": multiplier } } })
}

fn correlations() -> Value {
    json!({ "type": "array", "items": { "type": "object", "additionalProperties": false,
        "required": ["inputs", "rank"], "properties": {
            "inputs": { "type": "array", "items": { "type": "string" }, "minItems": 2, "maxItems": 2 },
            "rank": { "type": "number", "minimum": -1, "maximum": 1,
                "description": "Spearman rank correlation" } } } })
}

fn sources() -> Value {
    json!({ "type": "object", "additionalProperties": { "type": "object", "additionalProperties": false,
        "required": ["title"], "properties": {
            "title": { "type": "string" }, "publisher": { "type": "string" }, "url": { "type": "string" },
            "date": { "type": "string", "pattern": "^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$" },
            "grade": { "enum": ["A", "B", "C", "X"],
                "description": "A official, B reputable press, C secondary, X assumption" } } } })
}
