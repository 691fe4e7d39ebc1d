//! A site held in memory, what building it gives, and the few things that several tests do with both.

use fingerpost::config::Overrides;
use fingerpost::diag::{self, Code, Colour, Severity};
use fingerpost::files::Files;
use fingerpost::memo::Memo;
use fingerpost::pipeline;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The smallest `site.toml` for a site whose templates print a page's body and nothing else.
pub(crate) const SITE_TOML: &str = "title = \"Test\"\nbase_url = \"https://example.org/\"\ntheme = \"bare\"\n";

/// As [`SITE_TOML`], with the theme that people get.
const SITE_TOML_WITH_DEFAULT_THEME: &str = "title = \"Test\"\nbase_url = \"https://example.org/\"\n";

/// The theme `bare`: a change of the real one changes no expectation.
const BARE_TEMPLATES: [(&str, &str); 11] = [
    ("page.html", "{{ page.body | safe }}"),
    ("home.html", "{{ page.body | safe }}"),
    ("section.html", "{{ page.title }}\n{{ page.intro | safe }}{% for item in page.items %}{{ item.title }}: {{ root }}{{ item.path }}\n{% endfor %}"),
    ("glossary.html", "{{ page.title }}\n{{ page.intro | safe }}{% for item in page.items %}{{ item.title }}: {{ root }}{{ item.path }}\n{% endfor %}"),
    ("topic.html", "{{ page.label }}\n{% for group in page.groups %}{% for item in group.items %}{{ item.title }}: {{ root }}{{ item.path }}\n{% endfor %}{% endfor %}"),
    ("topics.html", "{% for topic in page.topics %}{{ topic.label }}: {{ root }}{{ topic.path }}\n{% endfor %}"),
    ("facts.html", "{% for fact in page.facts %}{{ fact.id }}: {{ fact.display }}\n{% endfor %}"),
    ("sources.html", "{% for source in page.sources %}{{ source.title }}\n{% endfor %}"),
    ("404.html", "{{ page.title }}"),
    ("print.html", "{% for kind in page.kinds %}{% for item in kind.pages %}{{ item.body | safe }}{% endfor %}{% endfor %}"),
    ("redirect.html", "{{ page.target_url }}"),
];

/// The files of a site, in the order they were added.
#[derive(Clone)]
pub(crate) struct Site(Vec<(String, Vec<u8>)>);

impl Site {
    /// A site whose pages are their bodies, without any page yet.
    pub(crate) fn bare() -> Self {
        let manifest = ("themes/bare/theme.toml".to_owned(), b"name = \"bare\"\nversion = \"1.0.0\"\n".to_vec());
        let templates = BARE_TEMPLATES.map(|(name, text)| (format!("themes/bare/templates/{name}"), text.as_bytes().to_vec()));
        let mut files = vec![("site.toml".to_owned(), SITE_TOML.as_bytes().to_vec()), manifest];
        files.extend(templates);
        Self(files)
    }

    /// A site with the theme that people get, without any page yet.
    pub(crate) fn with_default_theme() -> Self {
        Self(vec![("site.toml".to_owned(), SITE_TOML_WITH_DEFAULT_THEME.as_bytes().to_vec())])
    }

    /// The site that lies in a folder.
    pub(crate) fn from_folder(folder: &Path) -> Self {
        Self(files_below(folder).into_iter().collect())
    }

    /// The site with one file more, or with another text for it.
    pub(crate) fn with(mut self, path: &str, text: impl AsRef<[u8]>) -> Self {
        let text = text.as_ref().to_vec();
        match self.0.iter_mut().find(|(known, _)| known == path) {
            Some((_, known)) => *known = text,
            None => self.0.push((path.to_owned(), text)),
        }
        self
    }

    /// The same files in another order, a different one for each seed.
    pub(crate) fn shuffled(mut self, seed: u64) -> Self {
        // A linear congruential generator is random enough to deal cards.
        let mut state = seed;
        for at in (1..self.0.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let other = (state >> 33) as usize % (at + 1);
            self.0.swap(at, other);
        }
        self
    }

    /// Writes the files below a folder.
    pub(crate) fn write(&self, folder: &Path) {
        for (path, bytes) in &self.0 {
            let file = folder.join(path);
            fs::create_dir_all(file.parent().expect("a file lies in a folder")).expect("a folder can be made");
            fs::write(file, bytes).expect("a file can be written");
        }
    }

    /// Builds it from nothing.
    pub(crate) fn build(&self) -> Built {
        let files = Files::from_pairs(self.0.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())));
        let built = pipeline::build(&files, &Overrides::default(), &mut Memo::default());
        Built { files, built }
    }
}

/// What a build gave.
pub(crate) struct Built {
    files: Files,
    built: pipeline::Built,
}

/// One diagnostic, as tests ask for it.
pub(crate) struct Finding {
    pub(crate) code: &'static str,
    pub(crate) is_error: bool,
    /// The line of its first place, counted from 1.
    pub(crate) line: Option<usize>,
    text: String,
}

impl Finding {
    /// Whether a person who reads it learns of this file.
    pub(crate) fn names(&self, path: &str) -> bool {
        self.text.contains(path)
    }
}

impl Built {
    /// Every diagnostic, in the order it is shown.
    pub(crate) fn findings(&self) -> Vec<Finding> {
        self.built.diagnostics.iter().map(|diagnostic| {
            let place = diagnostic.labels.first();
            let text = diag::to_text(std::slice::from_ref(diagnostic), &self.files, Colour::Never);
            Finding {
                code: diagnostic.code.name(),
                is_error: diagnostic.severity == Severity::Error,
                line: place.and_then(|label| {
                    let text = self.files.get(label.path.as_str())?.text()?;
                    Some(diag::line_and_column(text, label.span?.range().start).0)
                }),
                text,
            }
        }).collect()
    }

    pub(crate) fn has_errors(&self) -> bool {
        self.built.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// The codes of all diagnostics, each once.
    pub(crate) fn codes(&self) -> Vec<&'static str> {
        let mut codes: Vec<_> = self.findings().iter().map(|finding| finding.code).collect();
        codes.sort_unstable();
        codes.dedup();
        codes
    }

    /// The codes of the errors, each once.
    pub(crate) fn error_codes(&self) -> Vec<&'static str> {
        let mut codes: Vec<_> = self.findings().iter().filter(|finding| finding.is_error).map(|finding| finding.code).collect();
        codes.sort_unstable();
        codes.dedup();
        codes
    }

    /// Everything found, as a terminal without colour shows it.
    pub(crate) fn rendered_diagnostics(&self) -> String {
        diag::to_text(&self.built.diagnostics, &self.files, Colour::Never)
    }

    /// The HTML of the page at a path such as `/roles/producer/`.
    pub(crate) fn page(&self, path: &str) -> Option<String> {
        self.text(&format!("{}index.html", path.trim_start_matches('/')))
    }

    /// A published file as text.
    pub(crate) fn text(&self, path: &str) -> Option<String> {
        self.output().get(path).map(|bytes| String::from_utf8_lossy(bytes).into_owned())
    }

    /// Every published file by its path.
    pub(crate) fn output(&self) -> BTreeMap<String, Vec<u8>> {
        self.built.output.iter().map(|(path, bytes)| (path.file(), bytes.to_vec())).collect()
    }

    /// The paths of all published files, sorted.
    pub(crate) fn output_paths(&self) -> Vec<String> {
        self.built.output.iter().map(|(path, _)| path.file()).collect()
    }
}
