//! JSON Schemas (draft 2020-12) of `site.toml` and of each kind's front matter, for editors.
//!
//! They are made from the site's own vocabulary: an editor that is given them completes the site's kinds, fields,
//! relations and choices, and marks unknown keys while one types. They accept what `check` accepts, but for a key
//! without a value, a number written with `_`, and an index page without a title, whose file an editor cannot tell
//! from any other.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{CAREER, Config, Field, Relation, Shape};
use crate::base::{KindId, SourcePath};
use crate::data::{Fields, parse_toml};
use crate::diag::Code;
use crate::diag::codes::Level;

const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";

/// The schemas of a site by name: `site` for `site.toml`, and each kind's id for the front matter of its pages. A kind
/// called `site` has none.
#[must_use]
pub fn schemas(config: &Config) -> BTreeMap<String, Value> {
    let mut schemas: BTreeMap<String, Value> = (0..config.kinds.len())
        .map(KindId::from_index)
        .map(|id| (config.kind(id).id.clone(), front_matter(config, id)))
        .collect();
    schemas.insert("site".to_owned(), site(config));
    schemas
}

/// The schema of `site.toml`.
#[must_use]
pub fn site(config: &Config) -> Value {
    let kind_ids: Vec<&str> = config.kinds.iter().map(|kind| kind.id.as_str()).collect();
    let mut kind_names = vec!["any"];
    kind_names.extend(&kind_ids);
    let mut schema = object(
        &["title", "base_url"],
        [
            ("title", string("The site's name.")),
            ("base_url", address("Where the site will be published: absolute, `https://example.org/guide/`.")),
            ("tagline", string("A line under the name.")),
            ("description", string("One sentence about the site.")),
            ("language", string("BCP 47 tag of the language the site is written in. Default: `en`.")),
            ("languages", list_of(&string(""), "BCP 47 tags of the other languages that pages may be in (`lang`).")),
            ("author", string("Who is responsible for the site.")),
            ("repository", string("Address of the public repository.")),
            ("edit_url", string("Address for editing a source; `{path}` stands for its path.")),
            ("theme", string("Name of the theme: a folder in `themes/`, or the built-in `waymark`.")),
            (
                "theme_options",
                json!({ "type": "object", "description": "What the theme lets you choose; its `theme.toml` lists it." }),
            ),
            ("output_dir", string("Where `build` writes, relative to the project. Default: `public`.")),
            (
                "vocabulary",
                choice(&["career", "none"], "The kinds and relations the site starts with. Default: `career`."),
            ),
            ("kinds", kinds()),
            ("relations", named(relation_table(&kind_names), "How pages may be related.")),
            ("lints", lints()),
            (
                "markdown",
                table(
                    "How Markdown is read.",
                    [
                        ("html", boolean("Raw HTML is kept; otherwise it is an error.")),
                        ("smart_punctuation", boolean("Straight quotes, `--` and `...` become typographic ones.")),
                        ("math", boolean("`$x$` is a formula.")),
                        ("highlight", boolean("Code is coloured.")),
                    ],
                ),
            ),
            (
                "output",
                table(
                    "What is published beside the pages.",
                    [
                        (
                            "print",
                            choice(
                                &["auto", "always", "never"],
                                "All pages on one, for printing; `auto`: up to 500 pages.",
                            ),
                        ),
                        ("minify", boolean("Style and scripts lose comments and spaces. Default: true.")),
                        ("headers", boolean("`_headers` tells hosts how long files stay the same. Default: true.")),
                        (
                            "compress",
                            list_of(&choice(&["br", "gz", "zst"], ""), "Smaller copies beside each text file."),
                        ),
                        ("markdown_twins", boolean("Each page is published as Markdown too.")),
                        (
                            "urls",
                            choice(
                                &["folders", "flat"],
                                "Addresses of pages: `/roles/producer/` (default) or `/roles/producer.html`.",
                            ),
                        ),
                        ("search", boolean("The site has a search of its own.")),
                        (
                            "map",
                            boolean(
                                "The site has a page with its map, and each article a small one of what is around it. Default: true.",
                            ),
                        ),
                        ("path", boolean("Readers can tick what they can already do. Default: true.")),
                        ("offline", boolean("Visited pages can be read without a connection. Default: true.")),
                    ],
                ),
            ),
            (
                "figures",
                table(
                    "Which numbers in the text must have a source: `figure-uncited`.",
                    [
                        (
                            "ordinary",
                            list_of(&string(""), "Names and phrases whose numbers are no figures: `Hot 100`."),
                        ),
                        (
                            "examples",
                            list_of(&string(""), "Words after which the numbers of a section are made up: `suppose`."),
                        ),
                        ("skip_kinds", list_of(&choice(&kind_ids, ""), "Kinds whose pages are not looked at.")),
                    ],
                ),
            ),
            ("limits", table("Limits.", [("file_bytes", count("Largest Markdown or YAML file, in bytes."))])),
            (
                "feed",
                table("The feed of new and reviewed pages.", [("limit", count("Entries in the feed. Default: 20."))]),
            ),
            ("extra", json!({ "type": "object", "description": "Your own keys, handed to templates as they are." })),
        ],
    );
    head(&mut schema, "site.toml", "The configuration of a Fingerpost site.");
    schema
}

/// The schema of the front matter of a kind's pages.
#[must_use]
pub fn front_matter(config: &Config, id: KindId) -> Value {
    let kind = config.kind(id);
    let mut required = vec!["title"];
    required.extend(kind.fields.iter().filter(|field| field.required).map(|field| field.id.as_str()));
    let common = [
        ("title", text("Heading of the page.")),
        ("description", text("One sentence of 60 to 155 characters: the lead, in lists and in search engines.")),
        ("id", text("Stable name for links and relations. Default: kind and file name, `role-baker`.")),
        ("kind", choice(&[kind.id.as_str()], "What the page is about. Default: the kind of its folder.")),
        ("slug", text("Last part of the page's address. Default: the file's name.")),
        ("aliases", list_of(&text(""), "Other names that links may use.")),
        ("topics", list_of(&text(""), "Topics, written as readers see them; each has a page.")),
        ("relations", relations(config, id)),
        ("order", integer("Place in the reading order of its kind.")),
        ("draft", boolean("Not published unless asked for.")),
        ("reviewed", day("The day it was last read against its sources.")),
        ("review_by", day("The day it should be read again.")),
        ("authors", list_of(&text(""), "Who wrote it.")),
        ("redirect_from", list_of(&text(""), "Earlier addresses of the page, `/old/place/`.")),
        ("toc", boolean("Shows a table of contents.")),
        ("lang", text("BCP 47 tag of the page's language, one of the site's. Default: the site's own.")),
        ("search", search()),
        ("sources", list_of(&source(), "Sources that are no facts.")),
        ("image", text("Picture for previews.")),
        ("extra", json!({ "type": "object", "description": "Your own keys, handed to templates as they are." })),
    ];
    let own =
        kind.fields.iter().map(|field| (field.id.as_str(), described(field_value(&field.shape), &field_words(field))));
    let mut schema = object(&required, common.into_iter().chain(own));
    let folder = if kind.folder.is_empty() { "content".to_owned() } else { format!("content/{}", kind.folder) };
    head(&mut schema, &format!("{} (front matter)", kind.label), &format!("Front matter of the pages in `{folder}/`."));
    schema
}

fn search() -> Value {
    let settings = table(
        "",
        [
            ("exclude", boolean("Is never found.")),
            (
                "boost",
                json!({
                    "type": "number", "minimum": 0.1, "maximum": 10,
                    "description": "2 makes the page count twice as much as an ordinary one. Default: 1.",
                }),
            ),
        ],
    );
    json!({ "description": "How it takes part in search; `false` leaves it out.", "oneOf": [boolean(""), settings] })
}

fn relations(config: &Config, id: KindId) -> Value {
    // A site that lets relations out of their range says so in its lints; then every key is as good as another.
    let strict = config.lints.get(&Code::RelationRange).copied().unwrap_or(Level::Deny) == Level::Deny;
    let any_or = |kinds: &[KindId]| kinds.is_empty() || kinds.contains(&id);
    let fits = |relation: &&Relation| !strict || any_or(&relation.from) || (relation.symmetric && any_or(&relation.to));
    let entries = config.relations.iter().filter(fits).map(|relation| {
        let to: Vec<&str> = relation.to.iter().map(|to| config.kind(*to).id.as_str()).collect();
        let to = if to.is_empty() { "any kind".to_owned() } else { to.join(", ") };
        (relation.id.as_str(), list_of(&text(""), &format!("{}: pages ({to}) by id, title or alias.", relation.label)))
    });
    described(object(&[], entries), "How this page is related to others.")
}

fn field_words(field: &Field) -> String {
    format!("{} ({}).", field.label, field.shape.name())
}

fn field_value(shape: &Shape) -> Value {
    let fact = || json!({ "type": "object", "required": ["fact"], "properties": { "fact": text("Id of a fact.") }, "additionalProperties": false });
    let number = || json!({ "type": "number" });
    match shape {
        Shape::Text | Shape::Markdown | Shape::Link => text(""),
        Shape::Number => json!({ "anyOf": [number(), fact()] }),
        Shape::Percent => json!({ "anyOf": [{ "type": "string", "pattern": "^[-+]?[0-9].*%$" }, fact()] }),
        Shape::Fact => json!({ "anyOf": [{ "type": "string" }, fact()] }),
        Shape::Date => date(""),
        Shape::Choice(choices) => {
            json!({ "enum": choices.iter().flat_map(|word| spellings(word)).collect::<Vec<_>>() })
        }
        Shape::Quantity { unit } => {
            let range = object(&[], [("low", number()), ("typical", number()), ("high", number())]);
            json!({ "anyOf": [{ "type": ["string", "number"] }, range, fact()], "examples": [format!("6–12 {unit}")] })
        }
        Shape::Money => {
            let currency = json!({ "type": "string", "pattern": "^[A-Z]{3}$", "description": "ISO 4217 code." });
            let period = text("`year`, `month`, `hour`, or what it is paid for: `track`.");
            let numbers = ["low", "typical", "high", "value"].map(|key| (key, number()));
            let amount = object(&["currency"], [("currency", currency), ("period", period)].into_iter().chain(numbers));
            json!({ "anyOf": [amount, fact()] })
        }
        Shape::List(of) => list_of(&field_value(of), ""),
    }
}

/// A word of a choice as YAML may understand it: `2` is a number to an editor and a word to us.
fn spellings(word: &str) -> Vec<Value> {
    let mut spellings = vec![json!(word)];
    spellings.extend(serde_json::from_str(word).ok().filter(|value: &Value| value.is_number() || value.is_boolean()));
    spellings
}

fn kind_table(required: &[&str]) -> Value {
    let shapes = super::vocabulary::SHAPES;
    let plain: Vec<&str> = shapes.iter().copied().filter(|shape| *shape != "list").collect();
    // A field of the career vocabulary has a type already.
    let type_required: &[&str] = if required.is_empty() { &[] } else { &["type"] };
    let mut field = object(
        type_required,
        [
            ("type", choice(&shapes, "What may stand in the field.")),
            ("of", choice(&plain, "What a list holds.")),
            ("label", string("What readers see in front of the value.")),
            ("required", boolean("A page without it is an error.")),
            ("expected", boolean("A page without it is pointed out: `field-missing`.")),
            ("choices", list_of(&json!({ "type": "string" }), "The words of a choice.")),
            ("unit", string("The noun of a quantity: `month`.")),
        ],
    );
    field["allOf"] =
        json!([needs("type", "list", "of"), needs("type", "choice", "choices"), needs("type", "quantity", "unit")]);
    object(
        required,
        [
            ("folder", string("The folder under `content/` with its pages; empty for pages at the top.")),
            ("label", string("One of them: `Role`.")),
            ("plural", string("Many of them: `Roles`.")),
            ("icon", string("Name of the theme's icon.")),
            ("order", integer("Place among the kinds.")),
            ("structured_data", choice(&["occupation", "article"], "The schema.org type of its pages.")),
            ("fields", named(field, "Front matter keys of this kind.")),
        ],
    )
}

/// The table of kinds. A kind of the career vocabulary is there already, so its table may change single keys; a new
/// kind needs a folder.
fn kinds() -> Value {
    let path = SourcePath::new("career.toml");
    let mut faults = Vec::new();
    let node = parse_toml(&path, CAREER, &mut faults);
    let mut fields = Fields::open(&path, &node, "", &mut faults);
    let known = match fields.node("kinds") {
        Some(kinds) => Fields::open(&path, kinds, "", &mut faults).all(),
        None => &[],
    };
    let names: Vec<&str> = known.iter().map(|entry| entry.key.as_str()).collect();
    let properties: Map<String, Value> = names.iter().map(|name| ((*name).to_owned(), kind_table(&[]))).collect();
    let new = format!("^(?!(?:{})$)[a-z][a-z0-9_]*$", names.join("|"));
    json!({
        "type": "object",
        "description": "What pages are about.",
        "properties": properties,
        "patternProperties": { new: kind_table(&["folder"]) },
        "additionalProperties": false,
    })
}

fn relation_table(kind_names: &[&str]) -> Value {
    let kinds = |words: &str| list_of(&choice(kind_names, ""), words);
    object(
        &[],
        [
            ("label", string("Heading on the page that declares it: `Leads to`.")),
            ("inverse_label", string("Heading on the other page: `Reached from`.")),
            ("from", kinds("Kinds it may start at.")),
            ("to", kinds("Kinds it may end at.")),
            ("symmetric", boolean("Holds both ways.")),
            ("transitive", boolean("If a requires b and b requires c, a requires c.")),
            ("acyclic", boolean("May not run in a circle.")),
            ("expected_from", kinds("Kinds whose pages should each have one going out.")),
            ("expected_to", kinds("Kinds whose pages should each have one coming in.")),
            ("side_by_side", boolean("The pages it leads to are set side by side on the page that declares it.")),
            ("order", integer("Place among the relations.")),
        ],
    )
}

fn lints() -> Value {
    let entries = Code::ALL.iter().filter(|code| code.is_lint()).map(|code| {
        let usual = level_word(code.default_level());
        (
            code.name(),
            choice(&["allow", "warn", "deny"], &format!("Default: `{usual}`. `fingerpost explain {}`", code.name())),
        )
    });
    described(object(&[], entries), "How grave each finding is.")
}

/// The word for a level in `site.toml`.
#[must_use]
pub fn level_word(level: Level) -> &'static str {
    match level {
        Level::Allow => "allow",
        Level::Warn => "warn",
        Level::Deny => "deny",
    }
}

fn needs(key: &str, value: &str, needed: &str) -> Value {
    json!({
        "if": { "properties": { key: { "const": value } }, "required": [key] },
        "then": { "required": [needed] },
    })
}

fn source() -> Value {
    let keys = [
        ("title", text("Its title.")),
        ("publisher", text("Who published it.")),
        ("url", address("Where it can be read.")),
    ];
    json!({ "anyOf": [{ "type": "string", "description": "Its title." }, object(&["title"], keys)] })
}

fn head(schema: &mut Value, title: &str, description: &str) {
    schema["$schema"] = json!(DRAFT);
    schema["title"] = json!(title);
    schema["description"] = json!(description);
}

/// A mapping with these keys and no others.
fn object<'a>(required: &[&str], keys: impl IntoIterator<Item = (&'a str, Value)>) -> Value {
    let properties: Map<String, Value> = keys.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    let mut schema = json!({ "type": "object", "properties": properties, "additionalProperties": false });
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}

fn table<'a>(description: &str, keys: impl IntoIterator<Item = (&'a str, Value)>) -> Value {
    described(object(&[], keys), description)
}

/// A mapping whose keys are names that the author chooses.
fn named(of: Value, description: &str) -> Value {
    json!({
        "type": "object",
        "description": description,
        "patternProperties": { "^[a-z][a-z0-9_]*$": of },
        "additionalProperties": false,
    })
}

fn described(mut schema: Value, description: &str) -> Value {
    if !description.is_empty() {
        schema["description"] = json!(description);
    }
    schema
}

fn string(description: &str) -> Value {
    described(json!({ "type": "string" }), description)
}

/// Text in YAML: `012` and `true` are text where text is meant.
fn text(description: &str) -> Value {
    described(json!({ "type": ["string", "number", "boolean"] }), description)
}

fn boolean(description: &str) -> Value {
    described(json!({ "type": "boolean" }), description)
}

fn integer(description: &str) -> Value {
    described(json!({ "type": "integer" }), description)
}

fn count(description: &str) -> Value {
    described(json!({ "type": "integer", "minimum": 0 }), description)
}

fn address(description: &str) -> Value {
    described(json!({ "type": "string", "pattern": "^https?://" }), description)
}

fn day(description: &str) -> Value {
    described(json!({ "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" }), description)
}

/// A day, month or year; a year alone is a number to YAML.
fn date(description: &str) -> Value {
    let written = json!({ "type": "string", "pattern": "^[0-9]{4}(?:-[0-9]{2}){0,2}$" });
    described(json!({ "anyOf": [written, { "type": "integer", "minimum": 0, "maximum": 9999 }] }), description)
}

fn choice(words: &[&str], description: &str) -> Value {
    described(json!({ "enum": words }), description)
}

/// Several values, or one that stands for a list of one.
fn list_of(of: &Value, description: &str) -> Value {
    described(json!({ "anyOf": [of, { "type": "array", "items": of }] }), description)
}

#[cfg(test)]
mod tests;
