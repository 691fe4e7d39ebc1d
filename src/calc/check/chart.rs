//! Charts: whether what each is of can be drawn so.

use super::Checker;
use crate::base::{Span, Spanned};
use crate::calc::declaration::{Chart, ChartKind as DeclaredChart};
use crate::calc::program::{ChartKind, ChartSlot, ResultSlot, Shape};
use crate::diag::{Code, nearest};

impl Checker<'_, '_> {
    pub(super) fn chart(&mut self, chart: &Chart, results: &[ResultSlot]) -> Option<ChartSlot> {
        let named = |checker: &mut Self, name: &Spanned<String>| -> Option<(String, Shape)> {
            if let Some(result) = results.iter().find(|result| result.name == name.value) {
                return Some((result.label.clone(), result.shape.clone()));
            }
            let declaration = checker.sources.declaration;
            let place = declaration.calc.iter().position(|step| step.name.value == name.value);
            let Some(place) = place else {
                // A result with a fault of its own is declared, and has nothing to show.
                if checker.is_unread(&name.value)
                    || declaration.results.iter().any(|result| result.name.value == name.value)
                {
                    return None;
                }
                let names: Vec<&str> = results
                    .iter()
                    .map(|result| result.name.as_str())
                    .chain(checker.sources.declaration.calc.iter().map(|step| step.name.value.as_str()))
                    .collect();
                let near = nearest(&name.value, names.iter().copied());
                let help = near.map_or_else(
                    || "a chart shows results and named formulas".to_owned(),
                    |near| format!("did you mean `{near}`?"),
                );
                let message = format!("there is nothing called `{}` to show", name.value);
                checker.fault(Code::CalcName, name.span, message, "unknown name", &help);
                return None;
            };
            let typed = checker.step(place);
            let label = checker.label_of_name(&name.value);
            let shape = checker.shape(&typed)?;
            Some((label, shape))
        };
        let wrong = |checker: &mut Self, span: Span, wanted: &str| {
            let message = format!("this chart shows {wanted}");
            checker.fault(Code::CalcChart, span, message, "", "");
        };
        let series = self.series;
        let kind = match &chart.kind {
            DeclaredChart::Bars { bars, line } => {
                let shown = named(self, bars)?;
                if shown.1.axis.is_none() {
                    wrong(self, bars.span, "a list: a series or rows");
                    return None;
                }
                let second = match line {
                    Some(line) => {
                        let second = named(self, line)?;
                        if second.1.axis != shown.1.axis || second.1.unit.dimension != shown.1.unit.dimension {
                            wrong(self, line.span, "a line over the same list and in the same unit as its bars");
                            return None;
                        }
                        Some(second)
                    }
                    None => None,
                };
                ChartKind::Bars(shown, second)
            }
            DeclaredChart::Compare(parts, _) | DeclaredChart::Stack(parts) => {
                let mut shown = Vec::new();
                for part in parts {
                    let one = named(self, part)?;
                    if one.1.axis.is_some() || one.1.is_bool {
                        wrong(self, part.span, "single numbers");
                        return None;
                    }
                    shown.push(one);
                }
                if let Some((place, _)) =
                    shown.iter().enumerate().find(|(_, (_, shape))| shape.unit.dimension != shown[0].1.unit.dimension)
                {
                    wrong(self, parts[place].span, "numbers of one unit");
                    return None;
                }
                match &chart.kind {
                    DeclaredChart::Compare(_, sorted) => ChartKind::Compare(shown, *sorted),
                    _ => ChartKind::Stack(shown),
                }
            }
            DeclaredChart::Dots(of) | DeclaredChart::Tornado(of) => {
                let (label, shape) = named(self, of)?;
                if shape.axis.is_some() || shape.is_bool {
                    wrong(self, of.span, "a single number");
                    return None;
                }
                match &chart.kind {
                    DeclaredChart::Dots(_) => ChartKind::Dots(label, shape),
                    _ => ChartKind::Tornado(label, shape),
                }
            }
            DeclaredChart::Fan(of) => {
                let (label, shape) = named(self, of)?;
                if shape.axis.is_none() || shape.axis != series {
                    wrong(self, of.span, "a series");
                    return None;
                }
                ChartKind::Fan(label, shape)
            }
        };
        let title = match (&kind, chart.title.is_empty()) {
            (_, false) => chart.title.clone(),
            (ChartKind::Dots(label, _), _) => format!("{label}: how likely is what"),
            (ChartKind::Tornado(label, _), _) => format!("{label}: what matters most"),
            (ChartKind::Bars((label, _), _) | ChartKind::Fan(label, _), _) => label.clone(),
            _ => self.sources.declaration.title.clone(),
        };
        Some(ChartSlot { title, kind, span: chart.span })
    }
}
