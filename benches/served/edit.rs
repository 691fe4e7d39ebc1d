//! Edits as an author makes them, each a different one, on a seeded site.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Instant;

use crate::seeded::{self, Dialect};

/// What is edited.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Edit {
    /// A sentence more in one article.
    Prose,
    /// The title of the page that most others link to.
    Title,
    /// The value of a fact that pages show.
    Fact,
    /// A template that every article uses.
    Template,
    /// A style sheet.
    Style,
    /// The line under the site's name, which every page may show.
    Config,
    /// A new article.
    Page,
}

impl Edit {
    pub(crate) const ALL: [Self; 7] =
        [Self::Prose, Self::Title, Self::Fact, Self::Template, Self::Style, Self::Config, Self::Page];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Prose => "prose",
            Self::Title => "title",
            Self::Fact => "fact",
            Self::Template => "template",
            Self::Style => "style",
            Self::Config => "config",
            Self::Page => "page",
        }
    }
}

/// A template and a style sheet of the built-in theme that the site overrules, so that they can be edited.
const TEMPLATE: &str = "templates/article-foot.html";
const STYLE: &str = "styles/90-media.css";

/// A seeded site that is edited.
pub(crate) struct Project {
    folder: PathBuf,
    articles: Vec<PathBuf>,
    /// The article that most others link to.
    popular: PathBuf,
    popular_title: String,
}

/// A file's new content, not saved yet.
pub(crate) struct Change {
    file: PathBuf,
    text: String,
    /// The path of a page that shows the change, and what it then says.
    pub(crate) page: String,
    pub(crate) says: String,
}

impl Change {
    /// Saves as most editors do: a new file beside it, renamed over it. The clock starts with the rename.
    pub(crate) fn save(&self) -> io::Result<Instant> {
        let beside = self.file.with_file_name(".saved.tmp");
        fs::write(&beside, &self.text)?;
        let since = Instant::now();
        fs::rename(&beside, &self.file)?;
        Ok(since)
    }
}

impl Project {
    pub(crate) fn write(dialect: Dialect, seed: u64, page_count: usize, root: &Path) -> io::Result<Self> {
        let folder = root.join("site");
        seeded::write_site(dialect, seed, page_count, &folder)?;
        if dialect == Dialect::Fingerpost {
            let theme = Path::new(env!("CARGO_MANIFEST_DIR")).join("themes/waymark");
            for file in [TEMPLATE, STYLE] {
                fs::create_dir_all(folder.join(file).with_file_name(""))?;
                fs::copy(theme.join(file), folder.join(file))?;
            }
        }
        let mut articles = Vec::new();
        let mut folders = vec![folder.join("content")];
        while let Some(next) = folders.pop() {
            for entry in fs::read_dir(next)? {
                let path = entry?.path();
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                if path.is_dir() {
                    folders.push(path);
                } else if name.ends_with(".md") && !name.contains("index") {
                    articles.push(path);
                }
            }
        }
        articles.sort();
        let (popular, popular_title) = most_linked(&articles)?;
        articles.retain(|article| *article != popular);
        Ok(Self { folder, articles, popular, popular_title })
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn remove(self) -> io::Result<()> {
        fs::remove_dir_all(self.folder)
    }

    /// The edit with this number; no two are alike.
    pub(crate) fn change(&mut self, edit: Edit, number: usize) -> io::Result<Change> {
        let says = format!("edited{}x{number}", edit.name());
        // Far apart, so that no two are in one section by habit.
        let article = self.articles[(number * 7919 + 13) % self.articles.len()].clone();
        let (file, text) = match edit {
            Edit::Prose => {
                let text = fs::read_to_string(&article)? + &format!("\nA sentence that was {says}.\n");
                (article, text)
            }
            Edit::Title => {
                let text = fs::read_to_string(&self.popular)?;
                (self.popular.clone(), retitled(&text, &self.popular_title, &says))
            }
            Edit::Fact => self.with_another_value(number)?,
            Edit::Template => {
                let file = self.folder.join(TEMPLATE);
                let text = fs::read_to_string(&file)? + &format!("<p>{says}</p>\n");
                (file, text)
            }
            Edit::Style => {
                let file = self.folder.join(STYLE);
                let text = fs::read_to_string(&file)? + &format!(".{says} {{ color: red }}\n");
                (file, text)
            }
            Edit::Config => {
                let file = self.folder.join("site.toml");
                let kept: String = (fs::read_to_string(&file)?.lines())
                    .filter(|line| !line.starts_with("tagline"))
                    .map(|line| format!("{line}\n"))
                    .collect();
                (file, format!("{kept}tagline = \"A line that was {says}\"\n"))
            }
            Edit::Page => {
                let front = format!(
                    "---\ntitle: New page {says}\ndescription: A page that came while the site was served.\n---\n\n"
                );
                (self.folder.join(format!("content/skills/{says}.md")), front + "A few words.\n")
            }
        };
        let content = self.folder.join("content");
        let page = file.strip_prefix(content).map(|path| path.with_extension("").to_string_lossy().into_owned());
        Ok(Change { file, text, page: page.map(|page| format!("/{page}/")).unwrap_or("/".to_owned()), says })
    }

    /// A file of facts with the middle value of its first record changed, still between the other two.
    fn with_another_value(&self, number: usize) -> io::Result<(PathBuf, String)> {
        let file = self.folder.join("content/facts/subject-000.yaml");
        let text = fs::read_to_string(&file)?;
        let value = |name: &str| -> Option<(usize, &str)> {
            let rest = &text[text.find(name)? + name.len()..];
            let digits = rest.lines().next()?.trim();
            Some((digits.parse().ok()?, digits))
        };
        let missing = || io::Error::other("the first record has no spread of values");
        let (low, _) = value("  low: ").ok_or_else(missing)?;
        let (_, typical) = value("  typical: ").ok_or_else(missing)?;
        let (high, _) = value("  high: ").ok_or_else(missing)?;
        // Two values in turn, because a spread may be narrow.
        let other = if number.is_multiple_of(2) { low } else { high };
        let changed = text.replacen(&format!("  typical: {typical}\n"), &format!("  typical: {other}\n"), 1);
        Ok((file, changed))
    }
}

/// An article under another title. Links that name it by its old one still find it by an alias.
fn retitled(text: &str, old: &str, says: &str) -> String {
    let has_alias = text.contains(&format!(", {old}]")) || text.contains(&format!("aliases: [{old}]"));
    let has_aliases = text.contains("\naliases: [");
    let mut retitled = String::with_capacity(text.len());
    for (at, line) in text.lines().enumerate() {
        match line {
            line if line.starts_with("title: ") && at < 3 => {
                retitled.push_str(&format!("title: {old} {says}\n"));
                if !has_aliases {
                    retitled.push_str(&format!("aliases: [{old}]\n"));
                }
            }
            line if line.starts_with("aliases: [") && !has_alias => {
                retitled.push_str(&format!("{}, {old}]\n", line.trim_end_matches(']')));
            }
            line => {
                retitled.push_str(line);
                retitled.push('\n');
            }
        }
    }
    retitled
}

/// The article that the others name most often, by id or by title, with its title.
fn most_linked(articles: &[PathBuf]) -> io::Result<(PathBuf, String)> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    let mut named: HashMap<String, (&PathBuf, String)> = HashMap::new();
    for article in articles {
        let text = fs::read_to_string(article)?;
        let field = |name: &str| {
            let start = format!("\n{name}: ");
            let rest = &text[text.find(&start)? + start.len()..];
            Some(rest.lines().next().unwrap_or_default().to_owned())
        };
        let title = field("title").unwrap_or_default();
        if let Some(id) = field("id") {
            named.insert(id, (article, title.clone()));
        }
        named.insert(title.clone(), (article, title));
        for link in text.split("[[").skip(1) {
            let name = link.split(['|', '#', ']']).next().unwrap_or_default();
            *counts.entry(name.to_owned()).or_default() += 1;
        }
    }
    let mut counts: Vec<(usize, String)> =
        counts.into_iter().filter(|(name, _)| named.contains_key(name)).map(|(name, count)| (count, name)).collect();
    counts.sort();
    let first = articles.first().ok_or_else(|| io::Error::other("the site has no article to edit"))?;
    match counts.last().and_then(|(_, name)| named.get(name)) {
        Some((path, title)) => Ok(((*path).clone(), title.clone())),
        // A peer's links are paths.
        None => {
            let text = fs::read_to_string(first)?;
            let title = text.lines().find_map(|line| line.strip_prefix("title: ")).unwrap_or_default().to_owned();
            Ok((first.clone(), title))
        }
    }
}
