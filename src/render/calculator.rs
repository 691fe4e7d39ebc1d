//! Calculators where they stand: on their own page, in the text of another, in a frame on another site.

use super::{Filler, Renderer};
use crate::base::{Fingerprint, PageId, UrlPath};
use crate::calc::javascript::print_script;
use crate::calc::markup::{Markup, Standing, result_text, write};
use crate::calc::number::{Language, language};
use crate::calc::program::Basis;
use crate::calc::{Calculator, Program};
use crate::read::FactSource;
use crate::read::html::escape_into;
use crate::resolve::Site;

/// A calculator that is worked out, with its script.
#[derive(Debug, Clone)]
pub struct Ready {
    /// The calculator.
    pub calculator: Calculator,
    /// Where its script is published.
    pub script_path: String,
    /// Its script.
    pub script: String,
}

impl Ready {
    /// Prints the script of a calculator, and makes it small.
    #[must_use]
    pub fn of(calculator: Calculator, small: impl Fn(String) -> String) -> Self {
        let script = small(script(&calculator.program));
        let print = Fingerprint::of_bytes(script.as_bytes()).short_hex();
        let script_path = format!("assets/calc-{}.{print}.js", calculator.program.id);
        Self { calculator, script_path, script }
    }
}

/// A classic script that leaves the calculator's arithmetic where `calc.js` finds it, whichever of the two runs first.
fn script(program: &Program) -> String {
    format!("(self.fingerpostCalculators||={{}})[\"{}\"]={};\n", program.id, print_script(program))
}

impl Renderer<'_> {
    fn language(&self) -> Language {
        language(&self.config.language)
    }

    /// A calculator as it stands in a frame, at `root` levels below the site's root.
    #[must_use]
    pub fn calculator_in_frame(&self, index: usize, root: &str) -> Option<Markup> {
        let ready = self.calculators.get(index)?.as_deref()?;
        let page = self.calculator_href(index, root);
        let nothing = |_: &Basis| String::new();
        let next = |step: usize| self.next_links(index, step, root);
        let standing = Standing { page: &page, own: false, cite: &nothing, next: &next, language: self.language() };
        Some(write(&ready.calculator, &standing))
    }

    /// One of its results in words, for a sentence.
    #[must_use]
    pub fn calculator_result(&self, index: usize, result: usize) -> Option<String> {
        let ready = self.calculators.get(index)?.as_deref()?;
        (result < ready.calculator.program.results.len())
            .then(|| result_text(&ready.calculator, result, self.language()))
    }

    /// Links to the pages of a next step of a calculator, as a list in a sentence.
    fn next_links(&self, index: usize, step: usize, root: &str) -> String {
        let pages = self.site.next_pages(index);
        let pages = pages.get(step).map_or(&[][..], Vec::as_slice);
        let mut html = String::new();
        for (place, page) in pages.iter().enumerate() {
            html.push_str(match place {
                0 => "",
                _ if place + 1 == pages.len() => " and ",
                _ => ", ",
            });
            let kind = &self.config.kind(self.site.kind(*page)).id;
            html.push_str(&format!("<a href=\"{root}{}\" data-kind=\"{kind}\">", self.site.url(*page).href()));
            escape_into(&mut html, self.site.title(*page));
            html.push_str("</a>");
        }
        html
    }

    /// The address of a calculator's own page or place.
    #[must_use]
    pub fn calculator_href(&self, index: usize, root: &str) -> String {
        format!("{root}{}", calculator_path(self.site, index))
    }
}

/// The address of a calculator's own page or place, from the site's root.
#[must_use]
pub fn calculator_path(site: &Site, index: usize) -> String {
    let known = site.calculators.get(index);
    let url: &UrlPath = site.url(known.page);
    let anchor = match known.placed.block {
        Some(_) => format!("#calc-{}", known.placed.declaration.id.value),
        None => String::new(),
    };
    format!("{}{anchor}", url.href())
}

impl Filler<'_> {
    /// A calculator in the text.
    pub(super) fn calculator(&mut self, index: usize, html: &mut String) {
        if self.standing == super::Standing::Among {
            self.calculator_in_print(index, html);
            return;
        }
        let own = self.renderer.site.calculators.get(index).page == self.host;
        let Some(markup) = self.renderer.calculator_in_frame(index, self.root) else { return };
        if self.calculators.contains(&index) {
            // Twice on one page would be two places of one name.
            html.push_str(&format!("<p><a href=\"#calc-{0}\">{0}</a></p>\n", self.id_of(index)));
            return;
        }
        self.calculators.push(index);
        let inner = markup.tool.strip_suffix("</section>\n").unwrap_or(&markup.tool);
        html.push_str(inner);
        if own {
            html.push_str(&method_details(&markup));
        }
        html.push_str("</section>\n");
    }

    /// A calculator among all pages on one, which hold it in many places and whose readers have paper: its answers.
    fn calculator_in_print(&self, index: usize, html: &mut String) {
        let Some(ready) = self.renderer.calculators.get(index).and_then(Option::as_deref) else { return };
        let program = &ready.calculator.program;
        html.push_str("<p><a href=\"");
        html.push_str(&self.renderer.calculator_href(index, self.root));
        html.push_str("\">");
        escape_into(html, &program.title);
        html.push_str("</a></p>\n<ul>\n");
        for (number, result) in program.results.iter().enumerate() {
            html.push_str("<li>");
            escape_into(html, &result.label);
            html.push_str(": ");
            escape_into(html, &result_text(&ready.calculator, number, self.renderer.language()));
            html.push_str("</li>\n");
        }
        html.push_str("</ul>\n");
    }

    fn id_of(&self, index: usize) -> &str {
        &self.renderer.site.calculators.get(index).placed.declaration.id.value
    }

    /// A result in a sentence: it leads to the calculator.
    pub(super) fn calculator_value(&mut self, index: usize, result: usize, label: Option<&str>, html: &mut String) {
        let Some(text) = self.renderer.calculator_result(index, result) else { return };
        let href = self.renderer.calculator_href(index, self.root);
        html.push_str(&format!("<a class=\"calc-value\" href=\"{href}\">"));
        match label {
            Some(label) => html.push_str(label),
            None => escape_into(html, &text),
        }
        html.push_str("</a>");
    }

    /// The calculator of the page itself, with references to the sources at its foot.
    pub(super) fn own_calculator(&mut self, page: PageId) -> Option<Markup> {
        let renderer = self.renderer;
        let index = renderer.site.calculators.on_page(page, None)?;
        let ready = renderer.calculators.get(index)?.as_deref()?;
        self.calculators.push(index);
        for id in ready.calculator.program.facts() {
            if let Some(fact) = renderer.site.fact_ids.get(id) {
                self.cite(*fact, renderer.site.fact(*fact));
            }
        }
        let cited = self.citations.len();
        let sources = &renderer.site.document(page).front.sources;
        let place_of = |wanted: &FactSource, estimate: bool| {
            let by_facts = self.citations.iter().position(|citation| match &citation.source {
                Some(source) => source == wanted,
                None => estimate,
            });
            by_facts.or_else(|| sources.iter().position(|source| source == wanted).map(|place| cited + place))
        };
        let cite = |basis: &Basis| {
            let mut numbers: Vec<usize> = Vec::new();
            for source in &basis.sources {
                let source = FactSource {
                    title: source.title.clone(),
                    publisher: source.publisher.clone(),
                    url: source.url.clone(),
                };
                numbers.extend(place_of(&source, false).map(|place| place + 1));
            }
            if basis.estimate && !basis.facts.is_empty() {
                let estimate = self.citations.iter().position(|citation| citation.source.is_none());
                numbers.extend(estimate.map(|place| place + 1));
            }
            numbers.sort_unstable();
            numbers.dedup();
            numbers
                .iter()
                .map(|number| {
                    format!("<sup class=\"cite\"><a href=\"#source-{number}\" aria-label=\"Source {number}\">{number}</a></sup>")
                })
                .collect()
        };
        let own_page = format!("{}{}", self.root, renderer.site.url(page).href());
        let next = |step: usize| renderer.next_links(index, step, self.root);
        let standing = Standing { page: &own_page, own: true, cite: &cite, next: &next, language: renderer.language() };
        Some(write(&ready.calculator, &standing))
    }
}

/// Method, assumptions and examples folded away, for a calculator that has no page of its own.
fn method_details(markup: &Markup) -> String {
    let mut html = String::new();
    for (label, part) in [
        ("How this was worked out", &markup.method),
        ("What it takes for granted", &markup.assumptions),
        ("Worked examples", &markup.examples),
    ] {
        if !part.is_empty() {
            html.push_str(&format!("<details class=\"calc-more\"><summary>{label}</summary>\n{part}</details>\n"));
        }
    }
    html
}
