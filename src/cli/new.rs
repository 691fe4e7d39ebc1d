//! `new`: begins an article with the front matter of its kind.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write as _};

use clap::Args;

use super::project::Project;
use super::{Failure, Global, Shell, Status};
use crate::base::{KindId, slug};
use crate::config::{Config, Relation, Shape};
use crate::data::quoted_list;
use crate::read::calculator;

/// Begin a page: a file with the front matter of its kind
#[derive(Debug, Args)]
#[command(after_help = "Example: fingerpost new role \"Pastry chef\"")]
pub(super) struct Arguments {
    /// What the page is about: role, skill, education, pathway, finance, term, or a kind of site.toml
    kind: String,
    /// The page's title
    #[arg(required = true)]
    title: Vec<String>,
}

pub(super) fn run(arguments: &Arguments, global: &Global, shell: &mut Shell<'_>) -> Result<Status, Failure> {
    let project = Project::find(global, &shell.surroundings)?;
    let config = project.config(shell)?;
    let kind_id = config.kind_named(&arguments.kind).ok_or_else(|| unknown_kind(&arguments.kind, &config))?;
    let title = arguments.title.join(" ").split_whitespace().collect::<Vec<_>>().join(" ");
    if title.is_empty() {
        return Err(Failure::usage("a page needs a title"));
    }
    let today = shell.surroundings.today.map(|today| today.to_string()).unwrap_or_default();
    let folder = project.root.join("content").join(&config.kind(kind_id).folder);
    let (ending, text) = match config.kind(kind_id).id == calculator::KIND {
        true => (calculator::ENDING, declaration(&title, kind_id, &config, &today)),
        false => (".md", article(&title, kind_id, &config, &today)),
    };
    let path = folder.join(format!("{}{ending}", slug(&title)));
    let shown = shell.surroundings.shown(&path);
    let written = fs::create_dir_all(&folder)
        .and_then(|()| fs::File::create_new(&path))
        .and_then(|mut file| file.write_all(text.as_bytes()));
    match written {
        Ok(()) => {
            shell.give(&format!("{shown}\n"))?;
            Ok(Status::Clean)
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            Err(Failure::usage(format!("`{shown}` exists already"))
                .help("give the page another title, or edit that file"))
        }
        Err(error) => Err(Failure::failed(format!("cannot write `{shown}`: {error}"))),
    }
}

fn unknown_kind(written: &str, config: &Config) -> Failure {
    let ids: Vec<&str> = config.kinds.iter().map(|kind| kind.id.as_str()).collect();
    let failure = Failure::usage(format!("there is no kind `{written}`"));
    let same = |name: &str| name.eq_ignore_ascii_case(written);
    let meant = config.kinds.iter().find(|kind| same(&kind.folder) || same(&kind.label) || same(&kind.plural));
    match meant {
        Some(kind) => failure.help(format!("did you mean `{}`?", kind.id)),
        None => failure.suggest(written, ids.iter().copied()),
    }
    .help(format!("the kinds of this site are {}", quoted_list(&ids)))
}

/// The file of an article.
fn article(title: &str, kind_id: KindId, config: &Config, today: &str) -> String {
    format!("---\n{}---\n\n", front_matter(title, kind_id, config, today))
}

/// The smallest model that shows inputs with units, a formula and an example.
const MODEL: &str = "\
currency: USD
units: [hour]
inputs:
  hours: {label: Hours of work, unit: hour/month, default: 12, min: 0, max: 160}
  rate: {label: Paid for an hour, unit: USD/hour, default: 35, min: 0, max: 300}
results:
  monthly: {value: hours * rate, label: A month before tax, round: 1 USD, headline: true}
examples:
  - name: Ten hours at 30 dollars
    given: {hours: 10, rate: 30}
    expect: {monthly: 300}
";

/// The file of a calculator: the front matter of a page, and a model to put one's own in place of.
fn declaration(title: &str, kind_id: KindId, config: &Config, today: &str) -> String {
    // Ids of calculators become names in scripts, so letters of other alphabets cannot be part of them.
    let id = Some(slug(title)).filter(|id| id.is_ascii()).unwrap_or_else(|| calculator::KIND.to_owned());
    format!(
        "# `![[calc:{id}]]` shows it on any page.\ncalculator: {id}\n{}{MODEL}",
        front_matter(title, kind_id, config, today)
    )
}

/// What every page should have as keys, everything else as comments that become keys without their `# `.
fn front_matter(title: &str, kind_id: KindId, config: &Config, today: &str) -> String {
    let kind = config.kind(kind_id);
    let mut text = format!(
        "title: {}\n\
         description: # one sentence of 60 to 155 characters, for lists and search engines\n\
         # aliases: [Another name]\n\
         # topics: [in plain words]\n\
         # order: 10\n\
         # reviewed: {today}\n",
        scalar(title)
    );
    let may_start = |relation: &&Relation| {
        let fits = |kinds: &[KindId]| kinds.is_empty() || kinds.contains(&kind_id);
        fits(&relation.from) || (relation.symmetric && fits(&relation.to))
    };
    let relations: Vec<&Relation> = config.relations.iter().filter(may_start).collect();
    if !relations.is_empty() {
        text.push_str("# relations:\n");
    }
    for relation in relations {
        let to: Vec<&str> = relation.to.iter().map(|to| config.kind(*to).id.as_str()).collect();
        let to = if to.is_empty() { "any page".to_owned() } else { to.join(", ") };
        let _ = writeln!(text, "#   {}: [id-of-a-page] # {to}", relation.id);
    }
    for field in &kind.fields {
        if field.required {
            let _ = writeln!(
                text,
                "{}: # {}; it must be there, for example {}",
                field.id,
                field.label,
                sample(&field.shape)
            );
        } else {
            let _ = writeln!(text, "# {}: {} # {}", field.id, sample(&field.shape), field.label);
        }
    }
    text
}

/// A value that the field takes.
fn sample(shape: &Shape) -> String {
    match shape {
        Shape::Text => "a few words".to_owned(),
        Shape::Markdown => "a sentence with a [link](https://example.org/) or a fact".to_owned(),
        Shape::Number => "12".to_owned(),
        Shape::Quantity { unit } => format!("6–12 {unit}"),
        Shape::Money => "{currency: USD, period: year, low: 20000, typical: 30000, high: 50000}".to_owned(),
        Shape::Percent => "2%".to_owned(),
        Shape::Date => "2026-11".to_owned(),
        Shape::Choice(choices) => choices.iter().map(|choice| scalar(choice)).next().unwrap_or_default(),
        Shape::Link => "id-of-a-page".to_owned(),
        Shape::Fact => "id-of-a-fact".to_owned(),
        Shape::List(of) => match of.as_ref() {
            Shape::Markdown => "[One sentence., Another.]".to_owned(),
            Shape::Choice(choices) => {
                let choices: Vec<String> = choices.iter().map(|choice| scalar(choice)).collect();
                format!("[{}]", choices.join(", "))
            }
            of => format!("[{}]", sample(of)),
        },
    }
}

/// Text as a YAML scalar: plain where that is safe, else in double quotes, whose escapes are those of JSON.
fn scalar(text: &str) -> String {
    let is_plain = text.starts_with(|first: char| first.is_alphanumeric())
        && text.chars().all(|character| {
            character.is_alphanumeric()
                || matches!(character, ' ' | '-' | '_' | '.' | '\'' | '’' | '(' | ')' | '/' | '&' | '+')
        })
        && !text.ends_with(' ');
    if is_plain { text.to_owned() } else { serde_json::Value::from(text).to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::SourcePath;
    use crate::config::Overrides;
    use crate::diag::Diagnostic;
    use crate::files::Files;
    use crate::read::{Document, read_document};

    fn config() -> Config {
        let site = b"title = 'Bread'\nbase_url = 'https://example.org/'\n";
        Config::read(&Files::from_pairs([("site.toml", &site[..])]), &Overrides::default(), &mut Vec::new())
    }

    fn read(text: &str, folder: &str, config: &Config) -> (Option<Document>, Vec<Diagnostic>) {
        let path = SourcePath::new(&format!("content/{folder}/a.md").replace("//", "/"));
        let files = Files::from_pairs([(path.as_str(), text.as_bytes())]);
        let mut faults = Vec::new();
        let document = read_document(&path, files.get(path.as_str()).expect("it is there"), config, &mut faults);
        (document, faults)
    }

    #[test]
    fn every_comment_of_a_new_page_becomes_a_key_that_is_accepted() {
        let config = config();
        for (index, kind) in config.kinds.iter().enumerate() {
            let text = article("Pastry chef", KindId::from_index(index), &config, "2026-11-23");
            let (document, faults) = read(&text, &kind.folder, &config);
            assert_eq!(faults, [], "{text}");
            assert_eq!(document.map(|document| document.outline.title).as_deref(), Some("Pastry chef"));
            let (document, faults) = read(&text.replace("\n# ", "\n"), &kind.folder, &config);
            assert_eq!(faults, [], "{text}");
            let document = document.expect("it reads");
            assert_eq!(document.front.fields.len(), kind.fields.len());
            assert!(!document.front.relations.is_empty());
        }
    }

    #[test]
    fn a_title_survives_whatever_is_in_it() {
        let config = config();
        let kind = config.kind_named("role").expect("it is a kind");
        for title in [
            "no",
            "012",
            "Chef: pastry # 1",
            "\"Chef\"",
            "- dash",
            "[a]",
            "{b}",
            "Pâtissière",
            "a\u{1}b",
            "\\",
            "it's",
            "é…",
            "a: b",
            "@x",
            "100 %",
        ] {
            let (document, faults) = read(&article(title, kind, &config, "2026-11-23"), "roles", &config);
            assert_eq!(faults, [], "{title:?}");
            assert_eq!(document.map(|document| document.front.title.value).as_deref(), Some(title));
        }
    }
}
