//! The view of the page where readers tick what they can already do: all that can be learned, and what for.

use super::Pages;
use super::view::{FieldView, GoalView, PathView, Shared, StepGroup, StepView};
use crate::base::{KindId, PageId};
use crate::render::Body;

/// More goals than this are no list that anybody compares: of a larger site the first of each kind stand here, and every
/// page of a goal says by itself what is missing for it.
const GOALS_MAX: usize = 60;

impl<'a> Pages<'a> {
    /// What one learns for, as far as it is listed on one page: as many of one kind as of the other, in reading order.
    pub(super) fn goals(&self) -> Vec<PageId> {
        let sections: Vec<&Vec<PageId>> =
            self.config.goal_kinds().map(|kind| &self.site.sections[kind.index()]).collect();
        let fits = |most: usize| sections.iter().map(|pages| pages.len().min(most)).sum::<usize>() <= GOALS_MAX;
        let longest = sections.iter().map(|pages| pages.len()).max().unwrap_or(0);
        let most = if fits(longest) { longest } else { (1..=GOALS_MAX).rev().find(|most| fits(*most)).unwrap_or(1) };
        sections.into_iter().flat_map(|pages| pages.iter().take(most).copied()).collect()
    }

    /// The page where readers tick what they can already do. `fields` gives the fields of a page as this one shows them.
    #[must_use]
    pub fn path(&'a self, fields: &dyn Fn(PageId) -> Body) -> PathView<'a> {
        let description = "Tick what you can already do, and see what is missing for the work you want, in order";
        let mut head = self.head("path", "Your path", description, self.config.urls.path());
        head.breadcrumbs = vec![self.home_link()];
        let goals: Vec<GoalView<'a>> = self.goals().into_iter().map(|page| self.goal(page, fields)).collect();
        let mut needed: Vec<usize> = vec![0; self.site.documents.len()];
        for page in self.goals() {
            for step in &self.insights.learning_order[page.index()] {
                needed[step.index()] += 1;
            }
        }
        let mut steps = Vec::new();
        for (index, section) in self.site.sections.iter().enumerate() {
            let kind = KindId::from_index(index);
            let items: Vec<StepView<'a>> = section
                .iter()
                .filter(|page| needed[page.index()] > 0)
                .map(|page| StepView { item: self.item(*page), goals: needed[page.index()] })
                .collect();
            if !items.is_empty() {
                steps.push(StepGroup { kind: self.kind_tag(kind), items });
            }
        }
        let kinds: Vec<KindId> = self.config.goal_kinds().collect();
        let total = kinds.iter().map(|kind| self.site.sections[kind.index()].len()).sum();
        let kinds = kinds.into_iter().filter(|kind| !self.site.sections[kind.index()].is_empty());
        PathView { head, steps, goals, total, kinds: kinds.map(|kind| self.kind_tag(kind)).collect() }
    }

    fn goal(&'a self, page: PageId, fields: &dyn Fn(PageId) -> Body) -> GoalView<'a> {
        let document = self.site.document(page);
        let mut own: Vec<Shared<FieldView<'a>>> = Vec::new();
        if !document.front.fields.is_empty() {
            own = self.fields(document, &fields(page));
            own.retain(|field| !field.html.is_empty() && field.id != "bottom_line");
        }
        let steps = self.insights.learning_order[page.index()].iter().map(|step| self.item(*step)).collect();
        GoalView { item: self.item(page), fields: own, steps }
    }
}
