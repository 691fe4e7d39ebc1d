//! Charts: whether what each is of can be drawn so.

use super::Checker;
use crate::base::{Span, Spanned};
use crate::calc::declaration::{Chart, ChartKind as DeclaredChart};
use crate::calc::program::{Axis, ChartKind, ChartSlot, ResultSlot, Shape};
use crate::diag::{Code, nearest};

/// What a chart shows: what it is called, and where it is.
type Shown = (String, Shape);

impl Checker<'_, '_> {
    pub(super) fn chart(&mut self, chart: &Chart, results: &[ResultSlot]) -> Option<ChartSlot> {
        let kind = match &chart.kind {
            DeclaredChart::Bars { bars, line, over } => self.bars(bars, line.as_ref(), over.as_ref(), results)?,
            DeclaredChart::Compare(parts, sorted) => ChartKind::Compare(self.chart_parts(parts, results)?, *sorted),
            DeclaredChart::Stack(parts) => ChartKind::Stack(self.chart_parts(parts, results)?),
            DeclaredChart::Dots(of) => {
                let (label, shape) = self.chart_number(of, results, "a single number")?;
                ChartKind::Dots(label, shape)
            }
            DeclaredChart::Tornado(of) => {
                let (label, shape) = self.chart_number(of, results, "a single number")?;
                ChartKind::Tornado(label, shape)
            }
            DeclaredChart::Fan { of, over } => {
                let (label, shape) = self.shown(of, results)?;
                if shape.axis.is_none() || shape.axis != self.series {
                    return self.unfit(of.span, "a series");
                }
                self.runs_over(&shape, over.as_ref());
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

    fn bars(
        &mut self,
        bars: &Spanned<String>,
        line: Option<&Spanned<String>>,
        over: Option<&Spanned<String>>,
        results: &[ResultSlot],
    ) -> Option<ChartKind> {
        let shown = self.shown(bars, results)?;
        if shown.1.axis.is_none() {
            return self.unfit(bars.span, "a list: a series or rows");
        }
        self.runs_over(&shown.1, over);
        let Some(line) = line else { return Some(ChartKind::Bars(shown, None)) };
        let second = self.shown(line, results)?;
        if second.1.axis != shown.1.axis || second.1.unit.dimension != shown.1.unit.dimension {
            return self.unfit(line.span, "a line over the same list and in the same unit as its bars");
        }
        Some(ChartKind::Bars(shown, Some(second)))
    }

    fn chart_parts(&mut self, parts: &[Spanned<String>], results: &[ResultSlot]) -> Option<Vec<Shown>> {
        let mut shown: Vec<Shown> = Vec::with_capacity(parts.len());
        for part in parts {
            let one = self.chart_number(part, results, "single numbers")?;
            if shown.first().is_some_and(|(_, first)| first.unit.dimension != one.1.unit.dimension) {
                return self.unfit(part.span, "numbers of one unit");
            }
            shown.push(one);
        }
        Some(shown)
    }

    fn chart_number(&mut self, name: &Spanned<String>, results: &[ResultSlot], wanted: &str) -> Option<Shown> {
        let shown = self.shown(name, results)?;
        if shown.1.axis.is_some() || shown.1.is_bool {
            return self.unfit(name.span, wanted);
        }
        Some(shown)
    }

    fn unfit<T>(&mut self, span: Span, wanted: &str) -> Option<T> {
        self.fault(Code::CalcChart, span, format!("this chart shows {wanted}"), "", "");
        None
    }

    /// `over` is for whoever reads the file, and must be true.
    fn runs_over(&mut self, shape: &Shape, over: Option<&Spanned<String>>) {
        let (Some(axis), Some(over)) = (shape.axis, over) else { return };
        let name = match (&self.axes[axis], &self.sources.declaration.series) {
            (Axis::Rows { input, .. }, _) => self.inputs[*input].name.clone(),
            (Axis::Series { .. }, Some(series)) => series.index.value.clone(),
            (Axis::Series { .. }, None) => return,
        };
        if over.value != name {
            let message = format!("this chart does not run over `{}`", over.value);
            self.fault(Code::CalcChart, over.span, message, "", &format!("what it shows is a list over `{name}`"));
        }
    }

    /// A result or a named formula.
    fn shown(&mut self, name: &Spanned<String>, results: &[ResultSlot]) -> Option<Shown> {
        if let Some(result) = results.iter().find(|result| result.name == name.value) {
            return Some((result.label.clone(), result.shape.clone()));
        }
        let declaration = self.sources.declaration;
        let Some(place) = declaration.calc.iter().position(|step| step.name.value == name.value) else {
            // A result with a fault of its own is declared, and has nothing to show.
            let is_declared = declaration.results.iter().any(|result| result.name.value == name.value);
            if !is_declared && !self.is_unread(&name.value) {
                let named = results.iter().map(|result| result.name.as_str());
                let names = named.chain(declaration.calc.iter().map(|step| step.name.value.as_str()));
                let help = nearest(&name.value, names).map_or_else(
                    || "a chart shows results and named formulas".to_owned(),
                    |near| format!("did you mean `{near}`?"),
                );
                let message = format!("there is nothing called `{}` to show", name.value);
                self.fault(Code::CalcName, name.span, message, "unknown name", &help);
            }
            return None;
        };
        let typed = self.step(place);
        let label = self.label_of_name(&name.value);
        self.shape(&typed).map(|shape| (label, shape))
    }
}
