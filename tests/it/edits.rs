//! Edits as people make them, drawn by chance: the same seed draws the same edits.

use crate::workshop::{Chance, SITE_TOML, Site};

/// What a template may see of its page, printed: a page that is out of date in anything at all shows it.
const EVERYTHING: &str = "{{ page | safe }}\n{{ root }} {{ site.title }} {{ site.assets.style }}\n";

/// The templates that a theme must have, and those of pages that a theme may have.
const TEMPLATES: [&str; 13] = [
    "page.html",
    "home.html",
    "section.html",
    "glossary.html",
    "topic.html",
    "topics.html",
    "facts.html",
    "sources.html",
    "404.html",
    "print.html",
    "redirect.html",
    "map.html",
    "path.html",
];

/// The folders of the articles that come and go, each for one kind.
const FOLDERS: [&str; 5] = ["roles", "skills", "pathways", "glossary", "education"];

/// A site that is edited, with what it was before.
pub(crate) struct Garden {
    pub(crate) site: Site,
    chance: Chance,
    /// Earlier states to go back to, as a version control would.
    earlier: Vec<Site>,
    /// Numbers what is made up, so that nothing is by accident the same.
    step: usize,
}

impl Garden {
    /// A site of `pages` articles whose theme shows everything that there is to show.
    pub(crate) fn new(seed: u64, pages: usize) -> Self {
        let fact = |id: &str| {
            format!(
                "- id: {id}\n  statement: How many there are\n  value: 12\n  unit: jobs\n  as_of: 2025\n  place: worldwide\n  \
                 evidence: editor's estimate\n  reasoning: Counted by hand.\n"
            )
        };
        let mut site = Site::varied(pages)
            .with("site.toml", SITE_TOML)
            .with("themes/bare/theme.toml", "name = \"bare\"\nversion = \"1.0.0\"\n")
            .with("content/facts/b.yaml", fact("other-fact"))
            .with("styles/site.css", "p { margin: 0 }\n")
            .with("scripts/site.js", "window.site = 0;\n")
            .with("content/roles/index.md", "---\ntitle: All roles\n---\n\nAn introduction. See [[page-1]].\n");
        for name in TEMPLATES {
            site = site.with(&format!("themes/bare/templates/{name}"), EVERYTHING);
        }
        let site = site.with("themes/bare/templates/home.html", format!("{EVERYTHING}{{{{ site | safe }}}}\n"));
        Self { earlier: vec![site.clone()], site, chance: Chance(seed), step: 0 }
    }

    /// Notes a state that is worth going back to.
    pub(crate) fn keep(&mut self) {
        if self.earlier.len() == 20 {
            self.earlier.remove(self.chance.below(20));
        }
        self.earlier.push(self.site.clone());
    }

    /// Goes back to the latest state that was worth keeping.
    pub(crate) fn restore(&mut self) {
        self.site = self.earlier.last().expect("the first state is kept").clone();
    }

    fn pick<'a>(&mut self, from: &'a [String]) -> &'a str {
        &from[self.chance.below(from.len())]
    }

    /// Makes one edit and says what it was. One that finds nothing to change changes nothing, which is an edit too.
    pub(crate) fn edit(&mut self) -> String {
        self.step += 1;
        let step = self.step;
        let site = self.site.clone();
        let (next, what) = match self.chance.below(20) {
            0..=8 => self.edit_article(site),
            9 | 10 => self.edit_set_of_articles(site),
            11 | 12 => self.edit_facts(site),
            13 => self.edit_settings(site),
            14 | 15 => self.edit_theme(site),
            16 => self.edit_static(site),
            17 => {
                let at = self.chance.below(self.earlier.len());
                (self.earlier[at].clone(), format!("back to an earlier state, {at}"))
            }
            18 => {
                // Two files trade their texts.
                let articles = site.articles();
                let (one, other) = (self.pick(&articles).to_owned(), self.pick(&articles).to_owned());
                let (text, other_text) = (site.file(&one), site.file(&other));
                (site.with(&one, other_text).with(&other, text), format!("swap {one} and {other}"))
            }
            _ => (site, "nothing".to_owned()),
        };
        self.site = next;
        format!("{step}: {what}")
    }

    fn edit_article(&mut self, site: Site) -> (Site, String) {
        let articles = site.articles();
        let (path, other) = (self.pick(&articles).to_owned(), self.pick(&articles).to_owned());
        let (text, step) = (site.file(&path), self.step);
        let other_id = id_of(&site.file(&other)).unwrap_or_else(|| "page-0".to_owned());
        let add = |line: &str| text.replacen("---\n", &format!("---\n{line}\n"), 1);
        let end = |sentence: &str| format!("{text}\n{sentence}\n");
        let (changed, what) = match self.chance.below(24) {
            0 | 1 => (end(&format!("One more sentence, {step}.")), "a sentence more"),
            2 => (text.replacen("there are", "there may be", 1), "other words"),
            3 => (text.replacen("title: ", &format!("title: New {step} "), 1), "title"),
            4 => (text.replacen("description: ", "description: Now ", 1), "description"),
            5 => (text.replacen("topics: [", &format!("topics: [topic {step}, "), 1), "a topic more"),
            6 => (without_line(&text, "topics: "), "no topics"),
            7 => (text.replacen("## One", &format!("## One {step}"), 1), "heading"),
            8 => (text.replacen("## Two", "## Before\n\nA part.\n\n## Two", 1), "a heading more"),
            9 => (add("draft: true"), "draft"),
            10 => (text.replacen("draft: true\n", "", 1), "no draft"),
            11 => (end(&format!("See [[{other_id}]].")), "a link"),
            12 => (end(&format!("See [[{other_id}#One|its first part]].")), "a link to a part"),
            13 => (end(&format!("![[{other_id}]]")), "an embed"),
            14 => (end(&format!("![[{other_id}#Two]]")), "an embed of a part"),
            15 => (end("There are [[fact:other-fact]] of them."), "a fact"),
            16 => (end(&format!("See [[nothing {step}]].")), "a broken link"),
            17 => (text.replacen("See [[", "See also [[", 1), "words before a link"),
            18 => (text.replacen("aliases: [", &format!("aliases: [Name {step}, "), 1), "an alias more"),
            19 => (without_line(&text, "aliases: "), "no aliases"),
            20 => (
                add(&format!("contrasts_with: [{other_id}]")).replacen(
                    "contrasts_with",
                    "relations:\n  contrasts_with",
                    1,
                ),
                "a relation",
            ),
            21 => (add(&format!("redirect_from: [\"old/{step}/\"]")), "an old address"),
            22 => (text.replacen("id: ", &format!("order: {step}\nid: "), 1), "another place in the order"),
            _ => (
                end(&format!(
                    "```toml\nstep = {step}\n```\n\n$$x^{step}$$\n\nA note.[^{step}]\n\n[^{step}]: Said so.\n"
                )),
                "code, a formula, a note",
            ),
        };
        (site.with(&path, changed), format!("{what} in {path}, {other_id}"))
    }

    fn edit_set_of_articles(&mut self, site: Site) -> (Site, String) {
        let articles: Vec<String> = site.articles().into_iter().filter(|path| path != "content/index.md").collect();
        let step = self.step;
        let folder = FOLDERS[self.chance.below(FOLDERS.len())];
        if articles.len() < 4 {
            return (self.earlier[0].clone(), "back to the beginning".to_owned());
        }
        let path = self.pick(&articles).to_owned();
        let text = site.file(&path);
        match self.chance.below(8) {
            0 | 1 => {
                let new = format!(
                    "---\ntitle: Added {step}\nid: added-{step}\ntopics: [topic 1]\n---\n\n## One\n\nSee [[Home]] and [[fact:the-fact]].\n"
                );
                (site.with(&format!("content/{folder}/added-{step}.md"), new), format!("a new page in {folder}"))
            }
            2 => (site.without(&path), format!("delete {path}")),
            3 => {
                let renamed = path.replace(".md", &format!("-{step}.md"));
                (site.without(&path).with(&renamed, text), format!("rename {path}"))
            }
            4 => {
                let name = path.rsplit('/').next().unwrap_or_default().to_owned();
                (
                    site.without(&path).with(&format!("content/{folder}/{name}"), text),
                    format!("move {path} to {folder}"),
                )
            }
            5 => {
                // A whole folder gets another name, and its pages another kind.
                let from = format!("content/{}/", FOLDERS[self.chance.below(FOLDERS.len())]);
                let to = format!("content/{folder}/");
                (site.moved(&from, &to), format!("move {from} to {to}"))
            }
            6 => {
                let deep = format!("content/{folder}/deep/");
                (site.moved(&format!("content/{folder}/"), &deep), format!("move {folder} to {deep}"))
            }
            _ => {
                let index = format!("content/{folder}/index.md");
                let text = format!("---\ntitle: About {folder} {step}\n---\n\nAn introduction, {step}.\n");
                (site.with(&index, text), format!("an introduction of {folder}"))
            }
        }
    }

    fn edit_facts(&mut self, site: Site) -> (Site, String) {
        let (file, id) =
            [("content/facts/a.yaml", "the-fact"), ("content/facts/b.yaml", "other-fact")][self.chance.below(2)];
        let record = format!(
            "- id: {id}\n  statement: How many there are\n  value: {}\n  unit: jobs\n  as_of: 2025\n  place: worldwide\n  \
             evidence: editor's estimate\n  reasoning: Counted by hand, {}.\n",
            self.step, self.step
        );
        match self.chance.below(5) {
            0 | 1 => (site.with(file, record), format!("value of {id}")),
            2 => (site.without(file), format!("delete {file}")),
            3 => {
                let more = record.replace(id, &format!("fact-{}", self.step));
                (site.with(&format!("content/facts/more-{}.yaml", self.step), more), "a fact more".to_owned())
            }
            _ => (site.with(file, record.replace("unit: jobs", "unit: places")), format!("unit of {id}")),
        }
    }

    fn edit_settings(&mut self, site: Site) -> (Site, String) {
        let extra = [
            format!("description = \"About {}\"\n", self.step),
            "language = \"ar\"\n".to_owned(),
            "markdown = { highlight = false, smart_punctuation = false }\n".to_owned(),
            "output = { print = \"never\", markdown_twins = false }\n".to_owned(),
            "feed = { limit = 2 }\n".to_owned(),
            format!("author = \"Somebody {}\"\nrepository = \"https://example.org/source\"\n", self.step),
            format!("[extra]\nword = \"{}\"\n", self.step),
            format!("[kinds.role]\nlabel = \"Job {}\"\n", self.step),
            "[kinds.story]\nlabel = \"Story\"\nplural = \"Stories\"\nfolder = \"education\"\n".to_owned(),
            "[relations.contrasts_with]\nlabel = \"Is unlike\"\n".to_owned(),
            "base_url = \"https://example.org/below/\"\n".to_owned(),
            "title = 1\n".to_owned(),
            String::new(),
        ];
        let extra = &extra[self.chance.below(extra.len())];
        let key = extra.split(" =").next().unwrap_or_default();
        let kept: String = SITE_TOML
            .lines()
            .filter(|line| key.is_empty() || !line.starts_with(key))
            .map(|line| format!("{line}\n"))
            .collect();
        (site.with("site.toml", kept + extra), format!("site.toml with {extra:?}"))
    }

    fn edit_theme(&mut self, site: Site) -> (Site, String) {
        let step = self.step;
        let name = TEMPLATES[self.chance.below(TEMPLATES.len())];
        let (path, text) = match self.chance.below(9) {
            0 => (format!("templates/{name}"), Some(format!("{step} {EVERYTHING}"))),
            1 => (format!("templates/{name}"), None),
            2 => (format!("themes/bare/templates/{name}"), Some(format!("{EVERYTHING}{step}"))),
            3 => ("templates/kinds/role.html".to_owned(), Some(format!("{step} {{{{ page.body | safe }}}}"))),
            4 => ("templates/kinds/role.html".to_owned(), None),
            5 => ("styles/site.css".to_owned(), Some(format!("p {{ margin: {step}px }}\n"))),
            6 => (format!("styles/more-{}.css", step % 3), Some(format!("a {{ margin: {step}px }}\n"))),
            7 => ("scripts/site.js".to_owned(), Some(format!("window.site = {step};\n"))),
            _ => (format!("templates/{name}"), Some("{{ page.nothing.at.all }}".to_owned())),
        };
        let what = format!("{path} {}", if text.is_some() { "is saved" } else { "is deleted" });
        (site.saved(&path, text), what)
    }

    fn edit_static(&mut self, site: Site) -> (Site, String) {
        let name = ["static/a.txt", "static/deep/b.txt", "static/roles/page-0/index.html"][self.chance.below(3)];
        let text = if self.chance.below(2) == 0 { Some(format!("{}\n", self.step)) } else { None };
        let what = format!("{name} {}", if text.is_some() { "is saved" } else { "is deleted" });
        (site.saved(name, text), what)
    }
}

fn id_of(article: &str) -> Option<String> {
    article.lines().find_map(|line| line.strip_prefix("id: ")).map(str::to_owned)
}

fn without_line(text: &str, start: &str) -> String {
    text.lines().filter(|line| !line.starts_with(start)).map(|line| format!("{line}\n")).collect()
}
