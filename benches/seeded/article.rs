//! One article in the dialect of one generator: the same words, links and code for each, only the notation differs.

use super::code;
use super::facts::{Fact, FactUse, write_or_ignore};
use super::plan::{Kind, Page, Plan, purpose};
use super::random::Random;
use super::words::{capitalise, push_phrase, push_plain_sentence, push_run};

/// The generator that a site is written for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    Fingerpost,
    /// Equal to ours in what a reader gets, as far as Hugo can.
    Hugo,
    /// The words alone: no relations, fields or facts as data, links unchecked.
    HugoLean,
    /// Equal to ours in what a reader gets, as far as Zola can.
    Zola,
    ZolaLean,
}

/// Every article has this heading, so that links can point at a heading without knowing the page.
const FIXED_HEADING: &str = "What it means";
const FIXED_ANCHOR: &str = "what-it-means";

/// How a link is written; what a reader sees is the same in every dialect.
#[derive(Clone, Copy)]
enum LinkStyle {
    Id,
    IdLabel,
    Title,
    Heading,
    Relative,
}

struct Writer<'plan> {
    plan: &'plan Plan,
    facts: &'plan [Fact],
    dialect: Dialect,
    page: usize,
    random: Random,
    text: String,
    /// The ids of the facts that the text uses, in its order.
    facts_used: Vec<usize>,
}

/// The whole file of page `index`.
pub(crate) fn article(plan: &Plan, facts: &[Fact], dialect: Dialect, index: usize) -> String {
    let random = Random::stream(plan.seed, purpose::ARTICLE, index);
    let text = String::with_capacity(8 * 1024);
    let mut writer = Writer { plan, facts, dialect, page: index, random, text, facts_used: Vec::new() };
    writer.front_matter();
    let front_matter = std::mem::take(&mut writer.text);
    writer.body();
    let body = std::mem::take(&mut writer.text);
    front_matter + &writer.front_matter_end() + &body
}

/// The text of the home page, without front matter: a few paragraphs and links into the site.
pub(crate) fn home(plan: &Plan, facts: &[Fact], dialect: Dialect) -> String {
    let random = Random::stream(plan.seed, purpose::HOME, 0);
    // Seen from no article, so that links are written as from the top of the site.
    let mut writer =
        Writer { plan, facts, dialect, page: usize::MAX, random, text: String::new(), facts_used: Vec::new() };
    for heading in ["Where to start", "What to weigh"] {
        write_or_ignore(&mut writer.text, format_args!("## {heading}\n\n"));
        for _ in 0..3 {
            writer.sentence_with_link();
            writer.text.push_str("\n\n");
        }
    }
    writer.text
}

impl Writer<'_> {
    fn current(&self) -> Option<&Page> {
        self.plan.pages.get(self.page)
    }

    fn front_matter(&mut self) {
        let Some(page) = self.plan.pages.get(self.page) else { return };
        let mut description = String::new();
        while description.len() < 70 {
            description.clear();
            let count = self.random.between(12, 16);
            push_plain_sentence(&mut self.random, count, &mut description);
        }
        let reviewed = format!("2026-{:02}-{:02}", self.random.between(1, 10), self.random.between(1, 28));
        let mut bottom_line = String::new();
        for _ in 0..2 {
            let count = self.random.between(10, 16);
            push_plain_sentence(&mut self.random, count, &mut bottom_line);
            bottom_line.push(' ');
        }
        let topics: Vec<&str> = page.topics.iter().map(|&topic| self.plan.topics[topic].as_str()).collect();
        let bottom_target = self.link_target();
        let bottom = &self.plan.pages[bottom_target];
        match self.dialect {
            Dialect::Fingerpost => {
                write_or_ignore(
                    &mut self.text,
                    format_args!(
                        "---\ntitle: {}\ndescription: {description}\nid: {}\norder: {}\nreviewed: {reviewed}\n\
                         review_by: 2028-05-31\ntopics: [{}]\n",
                        page.title,
                        page.id(),
                        self.page,
                        topics.join(", ")
                    ),
                );
                if page.has_alias {
                    write_or_ignore(&mut self.text, format_args!("aliases: [{} work]\n", page.title));
                }
                self.relations("relations:", |name, targets| format!("  {name}: [{}]", targets.join(", ")), Page::id);
                if page.kind != Kind::Term {
                    write_or_ignore(
                        &mut self.text,
                        format_args!("bottom_line: {bottom_line}See [[{}]].\n", bottom.id()),
                    );
                }
                self.kind_fields(page.kind, &bottom_line);
            }
            Dialect::Hugo | Dialect::HugoLean => {
                write_or_ignore(
                    &mut self.text,
                    format_args!(
                        "---\ntitle: {}\ndescription: {description}\nweight: {}\ndate: {reviewed}\ntopics: [{}]\n",
                        page.title,
                        self.page + 1,
                        topics.join(", ")
                    ),
                );
                if self.dialect == Dialect::HugoLean {
                    write_or_ignore(&mut self.text, format_args!("bottom_line: {bottom_line}\n"));
                    return;
                }
                self.text.push_str("review_by: 2028-05-31\n");
                if page.has_alias {
                    write_or_ignore(&mut self.text, format_args!("also_called: [{} work]\n", page.title));
                }
                let path = |page: &Page| format!("/{}", page.path());
                self.relations("relations:", |name, targets| format!("  {name}: [{}]", targets.join(", ")), path);
                if page.kind != Kind::Term {
                    write_or_ignore(
                        &mut self.text,
                        format_args!("bottom_line: \"{bottom_line}See [{}](/{}).\"\n", bottom.title, bottom.path()),
                    );
                }
                self.kind_fields(page.kind, &bottom_line);
            }
            Dialect::Zola | Dialect::ZolaLean => {
                let quoted: Vec<String> = topics.iter().map(|topic| format!("\"{topic}\"")).collect();
                write_or_ignore(
                    &mut self.text,
                    format_args!(
                        "+++\ntitle = \"{}\"\ndescription = \"{description}\"\nweight = {}\ndate = {reviewed}\n\
                         [taxonomies]\ntopics = [{}]\n[extra]\n",
                        page.title,
                        self.page + 1,
                        quoted.join(", ")
                    ),
                );
                if self.dialect == Dialect::ZolaLean {
                    write_or_ignore(&mut self.text, format_args!("bottom_line = \"{bottom_line}\"\n"));
                    return;
                }
                self.text.push_str("review_by = \"2028-05-31\"\n");
                if page.has_alias {
                    write_or_ignore(&mut self.text, format_args!("also_called = [\"{} work\"]\n", page.title));
                }
                if page.kind != Kind::Term {
                    let (title, path) = (&bottom.title, bottom.path());
                    write_or_ignore(
                        &mut self.text,
                        format_args!("bottom_line = \"{bottom_line}See [{title}](@/{path}.md).\"\n"),
                    );
                }
                self.kind_fields(page.kind, &bottom_line);
            }
        }
    }

    /// The relations of the current page in the notation of one generator; nothing where it has none.
    fn relations(&mut self, head: &str, line: impl Fn(&str, Vec<String>) -> String, name_of: impl Fn(&Page) -> String) {
        let plan = self.plan;
        let relations = &plan.pages[self.page].relations;
        if relations.is_empty() {
            return;
        }
        write_or_ignore(&mut self.text, format_args!("{head}\n"));
        for (name, targets) in relations {
            let targets = targets.iter().map(|&target| name_of(&plan.pages[target])).collect();
            write_or_ignore(&mut self.text, format_args!("{}\n", line(name, targets)));
        }
    }

    /// What stands between the fields and the text. Zola's shortcodes cannot tell a page's template which facts they
    /// used, so its front matter names them, as its users do; the one that the field for pay gives comes last.
    fn front_matter_end(&mut self) -> String {
        match self.dialect {
            Dialect::Fingerpost | Dialect::Hugo | Dialect::HugoLean => return "---\n\n".to_owned(),
            Dialect::ZolaLean => return "+++\n\n".to_owned(),
            Dialect::Zola => {}
        }
        let is_role = self.current().is_some_and(|page| page.kind == Kind::Role);
        let ids = self.facts_used.iter().map(|&fact| &self.facts[fact]).chain(self.pay().filter(|_| is_role));
        let ids: Vec<String> = ids.map(|fact| format!("\"{}\"", fact.id)).collect();
        write_or_ignore(&mut self.text, format_args!("facts = [{}]\n", ids.join(", ")));
        let line = |name: &str, targets: Vec<String>| format!("{name} = [{}]", targets.join(", "));
        self.relations("[extra.relations]", line, |page| format!("\"{}.md\"", page.path()));
        self.text.push_str("+++\n\n");
        std::mem::take(&mut self.text)
    }

    /// The fact that a role's field for pay gives.
    fn pay(&self) -> Option<&Fact> {
        let facts = self.facts.iter().cycle().skip(self.page % self.facts.len());
        facts.take(20).find(|fact| fact.is_money())
    }

    /// The typed fields of a kind; nothing here is drawn from the stream that the prose draws from.
    fn kind_fields(&mut self, kind: Kind, sentences: &str) {
        let mut random = Random::stream(self.plan.seed ^ 0xF1E1D, purpose::ARTICLE, self.page);
        let mut task = || {
            let mut task = String::new();
            push_plain_sentence(&mut random, 8, &mut task);
            task
        };
        let tasks = [task(), task()];
        let pay = self.pay().map(|fact| fact.id.clone());
        let mut notation = FieldNotation { dialect: self.dialect, text: &mut self.text };
        match kind {
            Kind::Role => {
                if let Some(pay) = pay {
                    notation.fact("pay", &pay);
                }
                notation.value("employer", "Who employs", "Studios and freelance clients");
                notation.list("tasks", &tasks);
            }
            Kind::Skill => {
                notation.value("time_to_learn", "Time to learn", "about a year");
                notation.list("practice", &tasks);
            }
            Kind::Education => {
                let cost = match notation.dialect {
                    Dialect::Fingerpost => "{currency: USD, period: year, low: 4000, typical: 9000, high: 30000}",
                    _ => "$9,000 a year ($4,000–$30,000)",
                };
                notation.value("cost", "Cost", cost);
                notation.value("length", "Length", "one to four years");
            }
            Kind::Pathway => {
                let ramp = match notation.dialect {
                    Dialect::Fingerpost => "6–12 month",
                    _ => "6–12 months",
                };
                notation.value("ramp", "Months until it pays", ramp);
                notation.list("timeline", &tasks);
            }
            Kind::Finance => {
                notation.value("payer", "Who pays", "The client");
                notation.value("paid_to", "Who is paid", "The maker");
            }
            Kind::Tradeoff => {
                notation.value("direction", "Which way it cuts", "mixed");
                notation.value("evidence", "Evidence", "moderate");
            }
            Kind::Term => notation.short(sentences.trim_end()),
            Kind::Hub => {}
        }
        notation.end();
    }

    fn body(&mut self) {
        let words = self.random.between(400, 900);
        let headings = self.random.between(5, 8);
        let links = self.random.between(10, 20);
        let fact_uses = self.random.between(1, 2);
        let code_section = self.random.chance(30).then(|| self.random.between(1, headings - 1));
        let table_section = self.random.between(1, headings - 1);
        let list_section = self.random.between(1, headings - 1);
        // A table, a list and the headings take about 110 words, and each section's last sentence runs some over.
        let words_per_section = (words - 110) / headings - 9;
        for section in 0..headings {
            self.heading(section);
            let share = |count: usize| (section + 1) * count / headings - section * count / headings;
            self.prose(words_per_section, share(links), share(fact_uses));
            if section == list_section {
                self.list();
            }
            if section == table_section {
                self.table();
            }
            if Some(section) == code_section {
                code::push_block(&mut self.random, &mut self.text);
            }
        }
    }

    fn heading(&mut self, section: usize) {
        if section == 0 {
            write_or_ignore(&mut self.text, format_args!("## {FIXED_HEADING}\n\n"));
            return;
        }
        self.text.push_str(if section > 1 && self.random.chance(30) { "### " } else { "## " });
        let count = self.random.between(2, 5);
        push_phrase(&mut self.random, count, &mut self.text);
        self.text.push_str("\n\n");
    }

    /// Paragraphs of about `words` words that hold all of the links and facts given to them.
    fn prose(&mut self, words: usize, mut links: usize, mut fact_uses: usize) {
        let mut written = 0;
        let mut in_paragraph = 0;
        while written < words || links > 0 || fact_uses > 0 {
            if in_paragraph > 0 {
                self.text.push(' ');
            }
            let sentences_left = (words.saturating_sub(written) / 15).max(1);
            if links > 0 && self.random.below(sentences_left) < links {
                links -= 1;
                written += self.sentence_with_link();
            } else if fact_uses > 0 && self.random.below(sentences_left) < fact_uses {
                fact_uses -= 1;
                written += self.sentence_with_fact();
            } else {
                let count = self.random.between(8, 22);
                written += self.sentence(count);
            }
            in_paragraph += 1;
            if in_paragraph >= 3 && self.random.chance(45) {
                self.text.push_str("\n\n");
                in_paragraph = 0;
            }
        }
        if in_paragraph > 0 {
            self.text.push_str("\n\n");
        }
    }

    fn sentence(&mut self, count: usize) -> usize {
        let start = self.text.len();
        push_run(&mut self.random, count, &mut self.text);
        capitalise(&mut self.text, start);
        self.text.push_str(match self.random.below(20) {
            0 => "?",
            1 => " -- \"so far\".",
            _ => ".",
        });
        count
    }

    fn sentence_with_link(&mut self) -> usize {
        let start = self.text.len();
        let before = self.random.between(4, 9);
        push_run(&mut self.random, before, &mut self.text);
        capitalise(&mut self.text, start);
        self.text.push(' ');
        self.link();
        self.text.push(' ');
        let after = self.random.between(3, 9);
        push_run(&mut self.random, after, &mut self.text);
        self.text.push('.');
        before + after + 3
    }

    fn sentence_with_fact(&mut self) -> usize {
        let start = self.text.len();
        let before = self.random.between(4, 8);
        push_run(&mut self.random, before, &mut self.text);
        capitalise(&mut self.text, start);
        let index = self.random.below(self.facts.len());
        let fact = &self.facts[index];
        self.facts_used.push(index);
        let fact_use = *self.random.pick(&[FactUse::Whole, FactUse::High, FactUse::Words]);
        let written = match self.dialect {
            Dialect::Fingerpost => fact.reference(fact_use),
            Dialect::Hugo => fact.hugo_shortcode(fact_use),
            Dialect::Zola => fact.zola_shortcode(fact_use),
            Dialect::HugoLean | Dialect::ZolaLean => fact.words(fact_use),
        };
        write_or_ignore(&mut self.text, format_args!(" earns {written} or so."));
        before + 5
    }

    /// Some links go to a neighbour, most anywhere, a few to the pages that everybody links to.
    fn link_target(&mut self) -> usize {
        let count = self.plan.pages.len();
        let target = match self.random.below(100) {
            0..30 => {
                let from = self.page.min(count - 1).saturating_sub(50);
                from + self.random.below(100.min(count - from))
            }
            30..90 => self.random.below(count),
            _ => self.random.below(count).min(self.random.below(count)).min(self.random.below(count)) / 4,
        };
        if target == self.page { (target + 1) % count } else { target }
    }

    fn link(&mut self) {
        let style = match self.random.below(100) {
            0..35 => LinkStyle::Id,
            35..60 => LinkStyle::IdLabel,
            60..70 => LinkStyle::Title,
            70..78 => LinkStyle::Heading,
            _ => LinkStyle::Relative,
        };
        let target = &self.plan.pages[self.link_target()];
        let mut label = String::new();
        match style {
            LinkStyle::Id | LinkStyle::Title => label.push_str(&target.title),
            LinkStyle::IdLabel | LinkStyle::Heading | LinkStyle::Relative => {
                let count = self.random.between(1, 3);
                push_phrase(&mut self.random, count, &mut label);
            }
        }
        let anchor = if matches!(style, LinkStyle::Heading) { FIXED_ANCHOR } else { "" };
        let hash = if anchor.is_empty() { "" } else { "#" };
        let from_top = self.current().is_none_or(|page| page.kind == Kind::Hub);
        let written = match (self.dialect, style) {
            (Dialect::Fingerpost, LinkStyle::Id) => format!("[[{}]]", target.id()),
            (Dialect::Fingerpost, LinkStyle::Title) => format!("[[{}]]", target.title),
            (Dialect::Fingerpost, LinkStyle::IdLabel) => format!("[[{}|{label}]]", target.id()),
            (Dialect::Fingerpost, LinkStyle::Heading) => format!("[[{}#{FIXED_HEADING}|{label}]]", target.id()),
            (Dialect::Fingerpost, LinkStyle::Relative) => {
                format!("[{label}]({}{}.md)", if from_top { "" } else { "../" }, target.path())
            }
            (Dialect::Hugo, _) => format!("[{label}](/{}{hash}{anchor})", target.path()),
            (Dialect::HugoLean, _) => {
                let up = match self.current() {
                    None => "",
                    Some(page) if page.kind == Kind::Hub => "../",
                    Some(_) => "../../",
                };
                format!("[{label}]({up}{}/{hash}{anchor})", target.path())
            }
            (Dialect::Zola | Dialect::ZolaLean, _) => format!("[{label}](@/{}.md{hash}{anchor})", target.path()),
        };
        self.text.push_str(&written);
    }

    fn list(&mut self) {
        let numbered = self.random.chance(30);
        for item in 1..=self.random.between(4, 7) {
            match numbered {
                true => write_or_ignore(&mut self.text, format_args!("{item}. ")),
                false => self.text.push_str("- "),
            }
            let count = self.random.between(4, 9);
            self.sentence(count);
            self.text.push('\n');
        }
        self.text.push('\n');
    }

    fn table(&mut self) {
        let columns = self.random.between(3, 4);
        for row in 0..=self.random.between(4, 7) {
            for column in 0..columns {
                self.text.push_str("| ");
                match column {
                    0 => push_phrase(&mut self.random, 2, &mut self.text),
                    _ if row == 0 => push_phrase(&mut self.random, 1, &mut self.text),
                    1 => write_or_ignore(&mut self.text, format_args!("{}", self.random.between(10, 99_999))),
                    _ => push_run(&mut self.random, 2, &mut self.text),
                }
                self.text.push(' ');
            }
            self.text.push_str("|\n");
            if row == 0 {
                self.text.push_str("|---|--:");
                self.text.push_str(&"|---".repeat(columns - 2));
                self.text.push_str("|\n");
            }
        }
        self.text.push('\n');
    }
}

/// Writes the fields of a kind in the notation of one generator. Hugo's templates know the labels from a data file;
/// Zola's get them beside the values, in tables that they can walk through.
struct FieldNotation<'text> {
    dialect: Dialect,
    text: &'text mut String,
}

impl FieldNotation<'_> {
    fn fact(&mut self, id: &str, fact: &str) {
        match self.dialect {
            Dialect::Fingerpost => self.line(format_args!("{id}: {{fact: {fact}}}")),
            Dialect::Hugo | Dialect::HugoLean => self.line(format_args!("{id}: {fact}")),
            Dialect::Zola | Dialect::ZolaLean => self.line(format_args!("{id} = \"{fact}\"")),
        }
    }

    fn value(&mut self, id: &str, label: &str, value: &str) {
        match self.dialect {
            Dialect::Fingerpost | Dialect::Hugo | Dialect::HugoLean => self.line(format_args!("{id}: {value}")),
            Dialect::Zola | Dialect::ZolaLean => {
                // The first opens the list of tables, each further one continues it.
                let start = if self.text.ends_with("},\n") { "" } else { "quick = [\n" };
                self.line(format_args!("{start}  {{ id = \"{id}\", label = \"{label}\", text = \"{value}\" }},"));
            }
        }
    }

    fn list(&mut self, id: &str, items: &[String]) {
        match self.dialect {
            Dialect::Fingerpost | Dialect::Hugo | Dialect::HugoLean => {
                self.line(format_args!("{id}:\n  - {}", items.join("\n  - ")));
            }
            Dialect::Zola | Dialect::ZolaLean => {
                self.end();
                self.line(format_args!("{id} = [\"{}\"]", items.join("\", \"")));
            }
        }
    }

    fn short(&mut self, sentence: &str) {
        match self.dialect {
            Dialect::Fingerpost | Dialect::Hugo | Dialect::HugoLean => self.line(format_args!("short: {sentence}")),
            Dialect::Zola | Dialect::ZolaLean => self.line(format_args!("short = \"{sentence}\"")),
        }
    }

    /// Closes what `value` opened.
    fn end(&mut self) {
        if self.text.ends_with("},\n") {
            self.text.push_str("]\n");
        }
    }

    fn line(&mut self, line: std::fmt::Arguments<'_>) {
        write_or_ignore(self.text, line);
        self.text.push('\n');
    }
}
