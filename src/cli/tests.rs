//! Whole commands, on folders that vanish afterwards.

mod handbook;

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use super::*;
use crate::base::date::parse_day;

struct Place {
    folder: tempfile::TempDir,
}

/// What a command did: its exit code and what it wrote to its two streams.
struct Done {
    code: u8,
    output: String,
    errors: String,
}

impl Place {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("there is a folder for temporary files") }
    }

    /// A folder with the starter site in it.
    fn with_starter() -> Self {
        let place = Self::new();
        assert_eq!(place.run("init").code, 0);
        place
    }

    fn path(&self, path: &str) -> PathBuf {
        // On some systems the folder for temporary files is behind a link, and `find_root` resolves links.
        fs::canonicalize(self.folder.path()).expect("it is there").join(path)
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).expect("it can be read")
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("files are in folders")).expect("it can be written");
        fs::write(path, text).expect("it can be written");
    }

    fn run(&self, line: &str) -> Done {
        self.run_in("", line)
    }

    fn run_in(&self, folder: &str, line: &str) -> Done {
        let (mut output, mut errors) = (Vec::new(), Vec::new());
        let surroundings = Surroundings {
            folder: self.path(folder).components().collect(),
            today: parse_day("2026-11-23"),
            ..Surroundings::default()
        };
        let mut shell = Shell::new(&mut output, &mut errors, surroundings);
        let words = std::iter::once("fingerpost").chain(line.split_whitespace()).map(OsString::from);
        let code = run(words, &mut shell);
        let text = |bytes| String::from_utf8(bytes).expect("everything we say is UTF-8");
        Done { code, output: text(output), errors: text(errors) }
    }
}

impl Done {
    fn expect(self, code: u8, words: &str) -> Self {
        assert_eq!(self.code, code, "{}{}", self.output, self.errors);
        assert!(self.output.contains(words) || self.errors.contains(words), "{words}: {}{}", self.output, self.errors);
        self
    }
}

#[test]
fn the_starter_is_clean_under_strict() {
    let place = Place::with_starter();
    let done = place.run("check --strict").expect(0, "checked 6 pages, 1 fact");
    assert_eq!(done.output, "");
    assert!(!place.path("public").exists(), "`check` writes nothing");
}

#[test]
fn init_takes_only_an_empty_folder() {
    let place = Place::new();
    place.run("init sub/site").expect(0, "cd sub/site");
    place.run("init sub/site").expect(2, "holds a project already");
    place.write("mine/notes.txt", "mine");
    place.run("init mine").expect(2, "is not empty");
    assert_eq!(fs::read_dir(place.path("mine")).expect("reads").count(), 1);
    place.write("repository/.git/config", "git");
    place.run("init repository").expect(0, "made a site");
}

#[test]
fn a_build_writes_and_a_second_one_changes_nothing() {
    let place = Place::with_starter();
    place
        .run("build -v")
        .expect(0, "0 unchanged, 0 removed in `public`")
        .expect(0, "built 6 pages, 1 fact, 10 relations in ");
    assert!(place.read("public/roles/baker/index.html").contains("Baker"));
    place.run("build -v").expect(0, "0 files written");
    place.run_in("content/roles", "build -v").expect(0, "0 files written");
    let quiet = place.run("build -q");
    assert_eq!((quiet.code, quiet.output.as_str(), quiet.errors.as_str()), (0, "", ""));
    place.run("build --timings -o elsewhere/site").expect(0, "render ").expect(0, "publish ");
    assert_eq!(place.read("elsewhere/site/index.html"), place.read("public/index.html"));
}

#[test]
fn list_tells_words_grade_facts_and_days() {
    let place = Place::with_starter();
    place.run("list").expect(0, "content/roles/baker.md").expect(0, "6 pages");
    let json: serde_json::Value = serde_json::from_str(&place.run("list role --format json").output).expect("JSON");
    assert_eq!((json[0]["id"].as_str(), json[0]["facts"].as_u64()), (Some("role-baker"), Some(1)));
    assert!(json[0]["words"].as_u64().is_some_and(|words| words > 20), "{json}");
    assert!(json[0]["grade"].is_number(), "{json}");
    let csv = place.run("list --format csv --sort words").output;
    assert_eq!(csv.lines().count(), 7, "{csv}");
    assert!(csv.starts_with("path,id,kind,title,draft,words,grade,facts,reviewed\r\n"), "{csv}");
    place.run("list rolle").expect(2, "did you mean `role`?");
    place.write("site.toml", "title = 'Brot'\nbase_url = 'https://example.org/'\nlanguage = 'de'\n");
    let json: serde_json::Value = serde_json::from_str(&place.run("list --format json").output).expect("JSON");
    assert!(json[0]["grade"].is_null(), "the grade is made for English");
}

#[test]
fn errors_keep_the_last_good_site() {
    let place = Place::with_starter();
    place.run("build").expect(0, "built");
    let good = place.read("public/roles/baker/index.html");
    place.write("content/roles/baker.md", "---\ntitle: Changed\n---\n[[Nowhere at all]]\n");
    let done = place.run("build").expect(1, "error[link-broken]").expect(1, "wrote nothing:");
    assert_eq!(done.output, "");
    assert_eq!(place.read("public/roles/baker/index.html"), good);
    assert!(
        !fs::read_dir(place.path(""))
            .expect("reads")
            .flatten()
            .any(|entry| entry.file_name().to_string_lossy().contains("stage"))
    );
}

#[test]
fn strict_lets_warnings_fail() {
    let place = Place::with_starter();
    place.write("content/roles/chef.md", "---\ntitle: Chef\n---\n");
    place.run("check").expect(0, "warning[relation-missing]").expect(0, " warnings in ");
    place.run("check --strict").expect(1, "`--strict` takes warnings for errors");
    place.run("build --strict").expect(1, "wrote nothing:");
    assert!(!place.path("public").exists());
}

#[test]
fn machines_get_findings_on_standard_output_and_nothing_else() {
    let place = Place::with_starter();
    place.write("content/roles/chef.md", "---\ntitle: Chef\n---\n[[Nowhere at all]]\n");
    for command in ["check", "build"] {
        let done = place.run(&format!("{command} --format json")).expect(1, "link-broken");
        let list: serde_json::Value = serde_json::from_str(&done.output).expect("it is JSON");
        assert!(list.as_array().is_some_and(|list| list.iter().any(|finding| finding["code"] == "link-broken")));
        assert!(!done.errors.contains("link-broken"), "{}", done.errors);
    }
    let sarif = place.run("check --format sarif -q");
    assert_eq!(serde_json::from_str::<serde_json::Value>(&sarif.output).expect("it is JSON")["version"], "2.1.0");
    assert_eq!(sarif.errors, "");
    assert!(place.run("check --format github").output.starts_with("::"));
}

#[test]
fn what_is_typed_wrong_is_usage() {
    let place = Place::with_starter();
    for (line, words) in [
        ("explain link-brokn", "did you mean `link-broken`?"),
        ("new roles Chef", "did you mean `role`?"),
        ("new skil Chef", "did you mean `skill`?"),
        ("schema rol", "did you mean `role`?"),
        ("build --base-url example.org", "is not an absolute address"),
        ("check --as-of 2025-02-29", "is not a day"),
        ("check --config nowhere.toml", "there is no file `nowhere.toml`"),
        ("check --root nowhere", "there is no folder `nowhere`"),
        ("check --root content", "there is no `site.toml` in `content`"),
        ("build -o content/new", "cannot be the output folder"),
        ("build -o . --force", "it is the project itself"),
        ("build -q -v", "cannot be used with"),
        ("bild", "unrecognized subcommand"),
        ("", "Usage: fingerpost"),
    ] {
        let done = place.run(line).expect(2, words);
        assert_eq!(done.output, "", "{line}");
    }
    Place::new().run("check").expect(2, "there is no `site.toml` here or in a folder above");
    place.write("theirs/notes.txt", "mine");
    place.run("build -o theirs").expect(2, "--force");
    place.run("clean -o theirs").expect(2, "was not written by fingerpost");
    assert_eq!(fs::read_dir(place.path("theirs")).expect("reads").count(), 1);
}

#[test]
fn help_and_version_are_output() {
    let place = Place::new();
    assert!(place.run("--version").expect(0, env!("CARGO_PKG_VERSION")).errors.is_empty());
    for command in ["", "init", "new", "build", "serve", "check", "clean", "explain", "schema", "completions"] {
        let done = place.run(&format!("{command} --help")).expect(0, "Example: fingerpost ");
        assert!(done.errors.is_empty());
    }
}

#[test]
fn arguments_are_consistent() {
    Arguments::command().debug_assert();
}

#[test]
fn a_new_page_is_where_its_kind_is() {
    let place = Place::with_starter();
    let done = place.run("new role Pastry  chef: a “new” one").expect(0, "");
    assert_eq!(done.output, "content/roles/pastry-chef-a-new-one.md\n");
    place.run("check").expect(0, "description-missing");
    place.run("new role pastry chef A new one").expect(2, "exists already");
    assert!(place.read("content/roles/pastry-chef-a-new-one.md").contains("\n# reviewed: 2026-11-23\n"));
    assert_eq!(
        place.run_in("content", "new hub About").output,
        format!(
            "{}\n",
            place.path("content/about.md").strip_prefix(place.path("content")).expect("is inside").display()
        )
    );
}

#[test]
fn a_new_calculator_is_one_that_answers() {
    let place = Place::with_starter();
    let done = place.run("new calculator What do extra shifts pay?").expect(0, "");
    assert_eq!(done.output, "content/calculators/what-do-extra-shifts-pay.calc.yaml\n");
    place.run("check").expect(0, ", 2 warnings in ").expect(0, "warning[description-missing]");
    place.run("build").expect(0, "built 7 pages");
    assert!(place.read("public/calculators/what-do-extra-shifts-pay/index.html").contains("$420"));
    // Its id is made of Latin letters, whatever its title is.
    place.run("new calculator 時給").expect(0, "content/calculators/時給.calc.yaml");
    place.run("check").expect(0, "checked 8 pages");
}

#[test]
fn clean_undoes_build() {
    let place = Place::with_starter();
    place.run("build").expect(0, "built");
    place.write("public/CNAME", "example.org");
    place.run("clean -v").expect(0, "kept 1 file").expect(0, "public/CNAME");
    assert_eq!(place.read("public/CNAME"), "example.org");
    fs::remove_file(place.path("public/CNAME")).expect("deletes");
    place.run("build").expect(0, "built");
    place.run("clean").expect(0, "deleted");
    assert!(!place.path("public").exists());
    place.run("clean").expect(0, "nothing to delete");
}

#[test]
fn explain_knows_every_code() {
    let place = Place::new();
    let list = place.run("explain").output;
    assert_eq!(list.lines().count(), crate::diag::Code::ALL.len());
    for code in crate::diag::Code::ALL {
        place.run(&format!("explain {}", code.name())).expect(0, code.name());
    }
}

#[test]
fn schemas_are_written_all_or_one() {
    let place = Place::with_starter();
    let all: serde_json::Value = serde_json::from_str(&place.run("schema").output).expect("it is JSON");
    let one: serde_json::Value = serde_json::from_str(&place.run("schema role").output).expect("it is JSON");
    assert_eq!(all["role"], one);
    place.run("schema --output-dir schemas").expect(0, "12 schemas");
    let file: serde_json::Value = serde_json::from_str(&place.read("schemas/role.schema.json")).expect("it is JSON");
    assert_eq!(file, one);
    Place::new().run("schema site").expect(0, "base_url");
}

#[test]
fn completions_are_made_for_every_shell() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        Place::new().run(&format!("completions {shell}")).expect(0, "as-of");
    }
}

#[test]
fn the_day_is_given_and_not_read_from_the_clock() {
    let place = Place::with_starter();
    place.write(
        "content/glossary/rye.md",
        "---\ntitle: Rye\ndescription: A grain.\nreview_by: 2026-11-22\n---\n[[Baker]]\n",
    );
    place.run("check").expect(0, "warning[review-due]");
    assert!(!place.run("check --as-of 2026-11-22").errors.contains("review-due"));
}

/// A pipe whose reader has gone, or a disk that is full.
struct Broken(io::ErrorKind);

impl Write for Broken {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(self.0.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Err(self.0.into())
    }
}

#[test]
fn a_reader_that_goes_away_is_no_fault() {
    let code = |kind| {
        let (mut output, mut errors) = (Broken(kind), Broken(io::ErrorKind::BrokenPipe));
        let words = ["fingerpost", "explain"].map(OsString::from);
        run(words, &mut Shell::new(&mut output, &mut errors, Surroundings::default()))
    };
    assert_eq!(code(io::ErrorKind::BrokenPipe), 0);
    assert_eq!(code(io::ErrorKind::StorageFull), 1);
}
