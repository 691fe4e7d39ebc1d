//! Formulas in words, for the reader who wants to see how an answer was worked out.

use super::{Checker, Meaning, Progress};
use crate::calc::declaration::Step;
use crate::calc::formula::{Operator, Rank, Tree, TreeKind};
use crate::calc::number;
use crate::calc::program::{Axis, Line, Piece, SlotKind};
use crate::calc::unit::Unit;

impl Checker<'_, '_> {
    pub(super) fn line(&mut self, place: usize, step: &Step) -> Option<Line> {
        let Progress::Done(typed) = self.steps[place].clone() else { return None };
        let label = step.label.clone()?;
        let shape = self.shape(&typed)?;
        let mut pieces = Vec::new();
        self.explain(step.formula.tree.as_ref()?, Rank::Whole, &mut pieces);
        let mut joined: Vec<Piece> = Vec::new();
        for piece in pieces {
            match (joined.last_mut(), piece) {
                (Some(Piece::Text(text)), Piece::Text(more)) => text.push_str(&more),
                (_, piece) => joined.push(piece),
            }
        }
        Some(Line { label, shape, pieces: joined })
    }

    /// A formula in words, with the places of its values.
    fn explain(&mut self, tree: &Tree, outer: Rank, pieces: &mut Vec<Piece>) {
        let text = |pieces: &mut Vec<Piece>, text: &str| pieces.push(Piece::Text(text.to_owned()));
        match &tree.kind {
            TreeKind::Number(number, unit) => {
                let shown = unit.as_ref().and_then(|(text, _)| self.sources.units.parse(text).ok());
                let shown = shown.unwrap_or_else(Unit::plain);
                text(pieces, &number::amount(*number, &shown, None));
            }
            TreeKind::Name(name) => {
                let typed = match self.names.get(name).cloned() {
                    Some(Meaning::Step(place)) => match &self.steps[place] {
                        Progress::Done(typed) => Some((**typed).clone()),
                        _ => None,
                    },
                    Some(Meaning::Input(_)) => Some(self.tree(tree)),
                    Some(Meaning::Parameter(place)) => {
                        if let Some((value, unit)) = &self.parameters[place] {
                            let label = self.label_of_name(name);
                            let amount = number::amount(*value, unit, None);
                            text(pieces, &format!("{label} ({amount})"));
                        }
                        return;
                    }
                    _ => None,
                };
                let label = self.label_of_name(name);
                match typed.and_then(|typed| self.shape(&typed)).filter(|shape| !shape.is_bool) {
                    Some(shape) => pieces.push(Piece::Value(label, shape)),
                    None => text(pieces, &label),
                }
            }
            TreeKind::Column(..) => {
                let typed = self.tree(tree);
                let label = self.label_of(tree);
                match self.shape(&typed) {
                    Some(shape) => pieces.push(Piece::Value(label, shape)),
                    None => text(pieces, &label),
                }
            }
            TreeKind::Negate(inner) => {
                text(pieces, "−");
                self.explain(inner, Rank::Unary, pieces);
            }
            TreeKind::Not(inner) => {
                text(pieces, "not ");
                self.explain(inner, Rank::Unary, pieces);
            }
            TreeKind::Binary(operator, _, left, right) => {
                let rank = operator.rank();
                if rank < outer {
                    text(pieces, "(");
                }
                self.explain(left, rank, pieces);
                match operator {
                    Operator::Power => text(pieces, "^"),
                    _ => text(pieces, &format!(" {} ", operator.printed())),
                }
                let right_rank = match operator {
                    Operator::Subtract => Rank::Product,
                    Operator::Divide => Rank::Unary,
                    _ => rank,
                };
                self.explain(right, right_rank, pieces);
                if rank < outer {
                    text(pieces, ")");
                }
            }
            TreeKind::Is(inner, option, _, negated) => {
                self.explain(inner, Rank::Unary, pieces);
                let choice = match &inner.kind {
                    TreeKind::Name(name) => self.choice_called(name),
                    TreeKind::Column(rows, column) => self.choice_called(&format!("{rows}.{column}")),
                    _ => None,
                };
                let not = if *negated { "not " } else { "" };
                let Some(choice) = choice else { return text(pieces, &format!(" is {not}missing")) };
                let known = self.options(choice).iter().find(|(known, _)| known == option);
                let label = known.map_or_else(|| option.clone(), |(_, label)| label.clone());
                text(pieces, &format!(" is {not}“{label}”"));
            }
            TreeKind::If(condition, yes, no) => {
                text(pieces, "if ");
                self.explain(condition, Rank::Whole, pieces);
                text(pieces, " then ");
                self.explain(yes, Rank::Sum, pieces);
                text(pieces, ", otherwise ");
                self.explain(no, Rank::Sum, pieces);
            }
            TreeKind::In(inner, ..) => self.explain(inner, outer, pieces),
            TreeKind::Call(name, _, arguments) => {
                let words = match name.as_str() {
                    "min" => "the least of",
                    "max" => "the greatest of",
                    "sum" => "the sum of",
                    "mean" => "the mean of",
                    "last" => "the last of",
                    "first" => "the first time that",
                    "count" => "how often",
                    "prev" => "before:",
                    "cumsum" => "the running sum of",
                    "lookup" | "bands" => "",
                    "round" => "rounded:",
                    "floor" => "rounded down:",
                    "ceil" => "rounded up:",
                    "allocate" => "shared out:",
                    other => other,
                };
                if matches!(name.as_str(), "lookup" | "bands") {
                    if let Some(Tree { kind: TreeKind::Name(table), .. }) = arguments.first() {
                        let label = self
                            .sources
                            .tables
                            .iter()
                            .find(|known| known.name.value == *table)
                            .map_or_else(|| table.replace('_', " "), |known| known.label.clone());
                        text(pieces, &format!("{label} for "));
                    }
                    for argument in arguments.iter().skip(1) {
                        self.explain(argument, Rank::Unary, pieces);
                    }
                    return;
                }
                text(pieces, &format!("{words} ("));
                let shown = if name == "prev" { 1 } else { arguments.len() };
                for (place, argument) in arguments.iter().take(shown).enumerate() {
                    if place > 0 {
                        text(pieces, "; ");
                    }
                    self.explain(argument, Rank::Whole, pieces);
                }
                text(pieces, ")");
            }
        }
    }

    pub(super) fn label_of(&self, tree: &Tree) -> String {
        match &tree.kind {
            TreeKind::Name(name) => self.label_of_name(name),
            TreeKind::Column(rows, column) => match self.names.get(rows) {
                Some(Meaning::Rows(input)) => match &self.inputs[*input].kind {
                    SlotKind::Rows { columns, .. } => columns
                        .iter()
                        .find(|known| known.name == *column)
                        .map_or_else(|| column.clone(), |known| known.label.clone()),
                    _ => column.clone(),
                },
                _ => column.clone(),
            },
            _ => String::new(),
        }
    }

    pub(super) fn label_of_name(&self, name: &str) -> String {
        match self.names.get(name) {
            Some(Meaning::Input(place) | Meaning::Rows(place)) => self.inputs[*place].label.clone(),
            Some(Meaning::Parameter(place)) => self.sources.parameters[*place].label.clone(),
            Some(Meaning::Step(place)) => {
                let step = &self.sources.declaration.calc[*place];
                step.label.clone().unwrap_or_else(|| step.name.value.replace('_', " "))
            }
            Some(Meaning::Index) => match self.series.map(|series| &self.axes[series]) {
                Some(Axis::Series { unit, .. }) if !unit.shown.one.is_empty() => {
                    format!("number of the {}", unit.shown.one)
                }
                _ => name.to_owned(),
            },
            _ => name.replace('_', " "),
        }
    }
}
