//! The JSON Schemas take what the guide says, and refuse what `check` refuses.

use crate::workshop::fresh_folder;
use fingerpost::base::SourcePath;
use fingerpost::data::{parse_toml, parse_yaml};
use fingerpost::read::front_matter;
use rquickjs::{CatchResultExt as _, Context, Runtime};
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Command;

/// What a schema says of a value: each fault with its place. It knows the keywords that our schemas use (JSON Schema draft
/// 2020-12) and stops at any other, so that none goes unheeded.
const VALIDATOR: &str = r"
const silent = ['$schema', 'title', 'description', 'examples', 'format', 'then', 'else'];
const typeOf = (value) => value === null ? 'null' : Array.isArray(value) ? 'array' :
  Number.isInteger(value) ? 'integer' : typeof value;
const own = (object, key) => Object.prototype.hasOwnProperty.call(object, key);
const faults = (schema, value, at) => {
  if (schema === true) return [];
  if (schema === false) return [at + ' may not be here'];
  const type = typeOf(value);
  const found = [];
  const fault = (is, words) => { if (is) found.push(at + ' ' + words); };
  const below = (part, inner, key) => found.push(...faults(part, inner, at + '/' + key));
  const fits = (part) => faults(part, value, at).length === 0;
  for (const [keyword, wanted] of Object.entries(schema)) {
    switch (keyword) {
      case 'type': {
        const types = [wanted].flat();
        fault(!(types.includes(type) || type === 'integer' && types.includes('number')), 'is ' + type + ', not ' + types);
        break;
      }
      case 'enum': fault(!wanted.includes(value), 'is none of ' + wanted); break;
      case 'const': fault(value !== wanted, 'is not ' + wanted); break;
      case 'pattern': fault(type === 'string' && !new RegExp(wanted, 'u').test(value), 'is not like ' + wanted); break;
      case 'minimum': fault(typeof value === 'number' && value < wanted, 'is less than ' + wanted); break;
      case 'maximum': fault(typeof value === 'number' && value > wanted, 'is more than ' + wanted); break;
      case 'minProperties': fault(type === 'object' && Object.keys(value).length < wanted, 'has too few keys'); break;
      case 'required':
        if (type === 'object') for (const key of wanted) fault(!own(value, key), 'lacks ' + key);
        break;
      case 'items':
        if (type === 'array') value.forEach((item, index) => below(wanted, item, index));
        break;
      case 'properties':
        if (type === 'object') for (const key of Object.keys(wanted)) if (own(value, key)) below(wanted[key], value[key], key);
        break;
      case 'patternProperties':
        if (type === 'object') for (const key of Object.keys(value)) for (const [pattern, part] of Object.entries(wanted))
          if (new RegExp(pattern, 'u').test(key)) below(part, value[key], key);
        break;
      case 'additionalProperties':
        if (type === 'object') for (const key of Object.keys(value)) {
          const known = own(schema.properties ?? {}, key) ||
            Object.keys(schema.patternProperties ?? {}).some((pattern) => new RegExp(pattern, 'u').test(key));
          if (!known) below(wanted, value[key], key);
        }
        break;
      case 'allOf': for (const part of wanted) found.push(...faults(part, value, at)); break;
      case 'anyOf': fault(!wanted.some(fits), 'is none of what it may be'); break;
      case 'oneOf': fault(wanted.filter(fits).length !== 1, 'is not one of what it may be'); break;
      case 'if': {
        const part = fits(wanted) ? schema.then : schema.else;
        if (part !== undefined) found.push(...faults(part, value, at));
        break;
      }
      default: if (!silent.includes(keyword)) throw new Error('the validator does not know ' + keyword);
    }
  }
  return found;
};
globalThis.check = (schema, value) => faults(JSON.parse(schema), JSON.parse(value), '').join('; ');
";

/// The schemas of the guide, as `schema` writes them, and what tells whether a value is as one of them says.
struct Schemas {
    folder: std::path::PathBuf,
    context: Context,
}

impl Schemas {
    fn of_the_guide() -> Self {
        let folder = fresh_folder("schemas");
        let mut command = Command::new(env!("CARGO_BIN_EXE_fingerpost"));
        command.args(["schema", "-q", "-r", env!("CARGO_MANIFEST_DIR"), "-o"]).arg(&folder);
        assert!(command.status().unwrap().success());
        let context = Context::full(&Runtime::new().unwrap()).unwrap();
        context.with(|context| context.eval::<(), _>(VALIDATOR)).unwrap();
        Self { folder, context }
    }

    /// What is wrong with a value; empty when nothing is.
    fn faults(&self, name: &str, value: &Value) -> String {
        let schema = fs::read_to_string(self.folder.join(format!("{name}.schema.json"))).unwrap();
        self.context.with(|context| {
            let check: rquickjs::Function<'_> = context.globals().get("check").unwrap();
            check
                .call::<_, String>((schema, value.to_string()))
                .catch(&context)
                .unwrap_or_else(|error| panic!("{name}: {error}"))
        })
    }
}

/// YAML as an editor sees it.
fn data(path: &str, yaml: &str) -> Value {
    parse_yaml(&SourcePath::new(path), yaml, 0, &mut Vec::new()).node.to_json()
}

/// Every file below `content/` with one of these endings, with its path.
fn files(ending: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = crate::workshop::files_below(&root.join("content")).into_iter();
    files
        .filter(|(path, _)| path.ends_with(ending))
        .map(|(path, bytes)| (path, String::from_utf8(bytes).unwrap()))
        .collect()
}

#[test]
fn all_that_the_guide_says_is_as_the_schemas_say() {
    let schemas = Schemas::of_the_guide();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let kinds: Vec<(String, String)> = {
        let files = fingerpost::files::load(root, &root.join("site.toml")).unwrap().0;
        let config = fingerpost::config::Config::read(&files, &Default::default(), &mut Vec::new());
        config.kinds.iter().map(|kind| (format!("{}/", kind.folder), kind.id.clone())).collect()
    };
    let mut faults = Vec::new();
    let mut seen = 0;
    for (path, text) in files(".md") {
        let Ok(Some((yaml, _))) = front_matter::split(&text) else { continue };
        // The index of a kind needs no title: an editor cannot tell it from a page.
        let value = data(&path, &text[yaml]);
        let of_folder = kinds.iter().filter(|(folder, _)| folder.len() > 1 && path.starts_with(folder.as_str()));
        let kind = of_folder.max_by_key(|(folder, _)| folder.len()).map_or("hub", |(_, kind)| kind);
        let kind = value["kind"].as_str().unwrap_or(kind).to_owned();
        let found = schemas.faults(&kind, &value);
        seen += 1;
        if !found.is_empty() {
            faults.push(format!("{path} ({kind}): {found}"));
        }
    }
    for (path, text) in files(".yaml").into_iter().filter(|(path, _)| path.starts_with("facts/")) {
        let found = schemas.faults("fact", &data(&path, &text));
        seen += 1;
        if !found.is_empty() {
            faults.push(format!("{path}: {found:.300}"));
        }
    }
    let path = SourcePath::new("site.toml");
    let site = parse_toml(&path, &fs::read_to_string(root.join("site.toml")).unwrap(), &mut Vec::new()).to_json();
    faults.extend(Some(schemas.faults("site", &site)).filter(|found| !found.is_empty()));
    assert!(seen > 100, "only {seen} files were looked at");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_schemas_refuse_what_check_refuses() {
    let schemas = Schemas::of_the_guide();
    for (yaml, part) in [
        ("description: No title\n", "lacks title"),
        ("title: A\ndescripton: x\n", "/descripton may not be here"),
        ("title: A\ndraft: perhaps\n", "/draft is string, not boolean"),
        ("title: A\nreviewed: yesterday\n", "/reviewed is not like"),
        ("title: A\norder: first\n", "/order is string"),
        ("title: A\nrelations: {require: [B]}\n", "/relations/require may not be here"),
        ("title: A\npay: {currency: dollars, typical: 3}\n", "/pay"),
        ("title: A\npay: 3\n", "/pay"),
        ("title: A\nsearch: {boost: 100}\n", "/search"),
    ] {
        let found = schemas.faults("role", &data("a.md", yaml));
        assert!(found.contains(part), "{yaml}: `{found}` has no `{part}`");
    }
    for yaml in [
        "title: no\naliases: 012\ntopics: [a, b]\n",
        "title: A\npay: {fact: some-fact}\ndraft: true\nsearch: false\nextra: {any: {thing: [1, null]}}\n",
        "title: A\npay: {currency: USD, period: year, low: 1, typical: 2.5, high: 3}\nrelations: {requires: B}\n",
    ] {
        assert_eq!(schemas.faults("role", &data("a.md", yaml)), "", "{yaml}");
    }
}
