//! Parameters and tables: what a reader cannot change.

use super::{Checker, Choice, Kind, Meaning, TableBy, Typed};
use crate::calc::declaration::{Mode, Number, Table};
use crate::calc::formula::{Tree, TreeKind};
use crate::calc::number;
use crate::calc::program::{Expr, Given, Values};
use crate::calc::unit::Unit;
use crate::data::{parse_number, quoted_all};
use crate::diag::{Code, nearest};

impl Checker<'_, '_> {
    pub(super) fn declare_numbers(&mut self) {
        for place in 0..self.sources.parameters.len() {
            let parameter = self.sources.parameters[place];
            self.path = &parameter.path;
            self.name(&parameter.name, Meaning::Parameter(place));
            let unit = self.unit(&parameter.unit);
            let value = unit.as_ref().and_then(|unit| self.value_of(&parameter.value, unit));
            self.expired(parameter.expires.as_ref(), &format!("the parameter `{}`", parameter.name.value));
            self.parameters.push(value.zip(unit));
        }
        for place in 0..self.sources.tables.len() {
            let table = self.sources.tables[place];
            self.path = &table.path;
            let table = self.table(table);
            self.tables.push(table);
        }
        self.path = &self.sources.declaration.path;
    }

    fn table(&mut self, table: &Table) -> Option<(Values, TableBy, Unit)> {
        let unit = self.unit(&table.unit)?;
        self.expired(table.expires.as_ref(), &format!("the table `{}`", table.name.value));
        let mut values = Vec::new();
        for (_, number) in &table.rows {
            values.push(unit.to_base(self.value_of(number, &unit)?));
        }
        if let Some(choice) = self.choice_called(&table.by.value) {
            let values = self.in_order_of(choice, table, &values);
            return Some((Values { keys: Vec::new(), values, mode: None }, TableBy::Choice(choice), unit));
        }
        let by = self.table_by(table)?;
        let Some(mode) = &table.mode else {
            let message = format!("the table `{}` does not say how it is read between its rows", table.name.value);
            let help = "add `mode: exact`, `step`, `linear` or `bands`";
            self.fault(Code::CalcTable, table.name.span, message, "", help);
            return None;
        };
        let keys = self.ascending_keys(table, &by)?;
        Some((Values { keys, values, mode: Some(mode.value) }, TableBy::Number(by), unit))
    }

    /// The values of a table by choice, one for each option in turn.
    fn in_order_of(&mut self, choice: Choice, table: &Table, values: &[f64]) -> Vec<f64> {
        let options = self.options(choice).to_vec();
        let mut ordered = Vec::with_capacity(options.len());
        for (option, _) in &options {
            let row = table.rows.iter().position(|(key, _)| key.value == *option);
            if row.is_none() {
                let message = format!("the table `{}` has no row for `{option}`", table.name.value);
                self.fault(Code::CalcTable, table.name.span, message, "", &format!("add `{option}: …`"));
            }
            ordered.push(row.map_or(0.0, |row| values[row]));
        }
        let names: Vec<&str> = options.iter().map(|(option, _)| option.as_str()).collect();
        for (key, _) in table.rows.iter().filter(|(key, _)| !names.contains(&key.value.as_str())) {
            let message = format!("`{}` has no option `{}`", table.by.value, key.value);
            let help = nearest(&key.value, names.iter().copied()).map_or_else(
                || format!("its options are {}", quoted_all(&names)),
                |near| format!("did you mean `{near}`?"),
            );
            self.fault(Code::CalcTable, key.span, message, "", &help);
        }
        ordered
    }

    /// The unit of the number that a table is read by.
    fn table_by(&mut self, table: &Table) -> Option<Unit> {
        match self.sources.units.parse(&table.by.value) {
            Ok(by) => Some(by),
            Err(_) if table.by.value == "number" => Some(Unit::plain()),
            Err(_) => {
                let message = format!("`{}` is neither a choice nor a unit", table.by.value);
                let help = "a table is read by an input of the type `choice`, by a unit, or by `number`";
                self.fault(Code::CalcTable, table.by.span, message, "", help);
                None
            }
        }
    }

    /// The keys of a table by number, in base units.
    fn ascending_keys(&mut self, table: &Table, by: &Unit) -> Option<Vec<f64>> {
        let mut keys: Vec<f64> = Vec::with_capacity(table.rows.len());
        for (key, _) in &table.rows {
            let Some(number) = parse_number(&key.value) else {
                self.fault(Code::CalcTable, key.span, format!("`{}` is not a number", key.value), "", "");
                return None;
            };
            let number = by.to_base(number);
            if keys.last().is_some_and(|last| number <= *last) {
                let (message, label) = ("the rows of a table ascend", "this is not above the row before");
                self.fault(Code::CalcTable, key.span, message, label, "");
                return None;
            }
            keys.push(number);
        }
        Some(keys)
    }

    pub(super) fn lookup(&mut self, function: &str, table: &Tree, by: &Tree) -> Typed {
        let TreeKind::Name(name) = &table.kind else {
            self.fault(Code::CalcType, table.span, "the name of a table is wanted here", "", "");
            return Typed::unknown();
        };
        let Some(place) = self.sources.tables.iter().position(|known| known.name.value == *name) else {
            if self.is_unread(name) {
                return Typed::unknown();
            }
            let names: Vec<&str> = self.sources.tables.iter().map(|known| known.name.value.as_str()).collect();
            let near = nearest(name, names.iter().copied());
            let help =
                near.map_or_else(|| "declare it under `tables`".to_owned(), |near| format!("did you mean `{near}`?"));
            self.fault(Code::CalcName, table.span, format!("there is no table `{name}`"), "unknown table", &help);
            return Typed::unknown();
        };
        let key = self.tree(by);
        let Some((values, table_by, unit)) = self.tables[place].clone() else { return Typed::unknown() };
        match (&table_by, &key.kind) {
            (_, Kind::Unknown) => Typed::unknown(),
            (TableBy::Choice(wanted), Kind::Choice(own)) if wanted == own => {
                let expr = Expr::Pick(place, Box::new(key.expr.clone()));
                let kind = Kind::Number(unit.dimension.clone());
                Typed { kind, unit: Some(unit), ..key.with(expr) }
            }
            (TableBy::Choice(wanted), _) => {
                let wanted = self.name_of(*wanted);
                let message = format!("the table `{name}` is read by `{wanted}`");
                self.fault(
                    Code::CalcTable,
                    by.span,
                    message,
                    "this is something else",
                    &format!("write `{function}({name}, {wanted})`"),
                );
                Typed::unknown()
            }
            (TableBy::Number(own), _) => {
                let key = self.needed_number(key, by.span);
                if let Kind::Number(dimension) = &key.kind
                    && *dimension != own.dimension
                {
                    let label = format!("this is in {dimension}");
                    let message = format!("the table `{name}` is read by {}", own.dimension);
                    self.fault(Code::CalcUnit, by.span, message, &label, "");
                    return Typed::unknown();
                }
                let is_bands = values.mode == Some(Mode::Bands);
                if is_bands != (function == "bands") {
                    let right = if is_bands { "bands" } else { "lookup" };
                    let message = format!("the table `{name}` is read with `{right}`");
                    self.fault(Code::CalcTable, table.span, message, "", "");
                    return Typed::unknown();
                }
                let expr = Expr::Lookup(place, Box::new(key.expr.clone()));
                let (dimension, unit) = match is_bands {
                    true => (unit.dimension.times(&own.dimension), key.unit.clone()),
                    false => (unit.dimension.clone(), Some(unit)),
                };
                Typed { kind: Kind::Number(dimension), unit, ..key.with(expr) }
            }
        }
    }

    /// Parameters and tables as readers see them.
    pub(super) fn given(&mut self) -> Vec<Given> {
        let mut given = Vec::new();
        for place in 0..self.sources.parameters.len() {
            let parameter = self.sources.parameters[place];
            self.path = &parameter.path;
            let mut cited = parameter.cited.clone();
            if let Number::Fact(fact) = &parameter.value
                && !cited.contains(fact)
            {
                cited.push(fact.clone());
            }
            let basis = self.basis(&cited);
            let Some((value, unit)) = &self.parameters[place] else { continue };
            let values = vec![(String::new(), number::amount(*value, unit, None))];
            given.push(Given { label: parameter.label.clone(), values, basis });
        }
        for place in 0..self.sources.tables.len() {
            let table = self.sources.tables[place];
            self.path = &table.path;
            let mut cited = table.cited.clone();
            cited.extend(table.row_cited.iter().map(|(_, cited)| cited.clone()));
            for (_, value) in &table.rows {
                if let Number::Fact(fact) = value {
                    cited.push(fact.clone());
                }
            }
            let basis = self.basis(&cited);
            let Some((values, by, unit)) = &self.tables[place] else { continue };
            let labels: Vec<String> = match by {
                TableBy::Choice(choice) => self.options(*choice).iter().map(|(_, label)| label.clone()).collect(),
                TableBy::Number(by) => values
                    .keys
                    .iter()
                    .map(|key| format!("from {}", number::amount(by.from_base(*key), by, None)))
                    .collect(),
            };
            let shown = values.values.iter().map(|value| number::amount(unit.from_base(*value), unit, None));
            given.push(Given { label: table.label.clone(), values: labels.into_iter().zip(shown).collect(), basis });
        }
        self.path = &self.sources.declaration.path;
        given
    }
}
