//! Views of calculators: the frame for other sites, and the data for machines.

use std::borrow::Cow;

use super::Pages;
use super::view::{CalculatorEmbedView, CalculatorView};
use crate::calc::Calculator;
use crate::calc::markup::Markup;
use crate::render::Ready;
use crate::resolve::calculators::{data_url, embed_url};

impl<'a> Pages<'a> {
    /// The page that other sites show in a frame.
    #[must_use]
    pub fn calculator_embed(&'a self, index: usize, markup: Markup, ready: Option<&Ready>) -> CalculatorEmbedView<'a> {
        let known = self.site.calculators.get(index);
        let declaration = &known.placed.declaration;
        let path = embed_url(&declaration.id.value).href();
        let mut head = self.head("calculator-embed", &declaration.title, "", &path);
        head.description = Cow::Owned(markup.sentence.clone());
        head.robots = "noindex";
        head.calculator_scripts = ready.map(|ready| ready.script_path.clone()).into_iter().collect();
        head.calculator_rows = ready.is_some_and(|ready| ready.calculator.program.has_rows());
        CalculatorEmbedView { head, tool: markup.tool, page_path: self.href(known.page).to_owned() }
    }

    /// A calculator as data.
    #[must_use]
    pub fn calculator_data(&self, index: usize, calculator: &Calculator) -> String {
        let known = self.site.calculators.get(index);
        let url = format!("{}{}", self.config.base_url, self.href(known.page));
        let data = crate::calc::data::data(calculator, &url);
        let mut text = serde_json::to_string_pretty(&data).unwrap_or_default();
        text.push('\n');
        text
    }

    /// The calculator of a page of its own.
    #[must_use]
    pub fn calculator_view(&self, page: crate::base::PageId, markup: Option<Markup>) -> Option<CalculatorView> {
        let index = self.site.calculators.on_page(page, None)?;
        let id = &self.site.calculators.get(index).placed.declaration.id.value;
        let markup = markup?;
        Some(CalculatorView {
            tool: markup.tool,
            method: markup.method,
            assumptions: markup.assumptions,
            examples: markup.examples,
            sentence: markup.sentence,
            data_path: data_url(id).href(),
            embed_path: embed_url(id).href(),
            embed_url: format!("{}{}", self.config.base_url, embed_url(id).href()),
        })
    }
}
