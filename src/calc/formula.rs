//! Formulas: from text to a tree whose every node knows where it was written.

use super::unit::Units;
use crate::base::{SourcePath, Span};
use crate::diag::{Code, Diagnostic};

/// Deepest nesting of a formula, so that what comes after may walk the tree by calling itself.
const DEPTH_MAX: usize = 48;

/// Most tokens in one formula.
const TOKENS_MAX: usize = 2000;

/// A formula as written.
#[derive(Debug, Clone, PartialEq)]
pub struct Formula {
    /// Its text, for readers.
    pub text: String,
    /// The file it stands in.
    pub path: SourcePath,
    /// The whole of it.
    pub span: Span,
    /// Its tree; `None` where it could not be read, which was reported.
    pub tree: Option<Tree>,
}

/// A node of the tree with the place of its text.
#[derive(Debug, Clone, PartialEq)]
pub struct Tree {
    /// What it is.
    pub kind: TreeKind,
    /// Where it was written.
    pub span: Span,
}

/// The kinds of nodes.
#[derive(Debug, Clone, PartialEq)]
pub enum TreeKind {
    /// A number with the text of its unit.
    Number(f64, Option<(String, Span)>),
    /// An input, a formula, a parameter, or the index of the series.
    Name(String),
    /// A column of rows: `writers.share`.
    Column(String, String),
    /// `-x`.
    Negate(Box<Tree>),
    /// `not x`.
    Not(Box<Tree>),
    /// Two operands; the span is of the sign between them.
    Binary(Operator, Span, Box<Tree>, Box<Tree>),
    /// `x is option`, `x is not option`.
    Is(Box<Tree>, String, Span, bool),
    /// `if a then b else c`.
    If(Box<Tree>, Box<Tree>, Box<Tree>),
    /// `x in UNIT`.
    In(Box<Tree>, String, Span),
    /// A function with its arguments; the span is of its name.
    Call(String, Span, Vec<Tree>),
}

/// How tightly parts of a formula hold together, the loosest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// A whole formula, `if` included.
    Whole,
    /// `or`
    Or,
    /// `and`
    And,
    /// `<`, `==` and their like; they do not chain.
    Comparison,
    /// `+` and `-`
    Sum,
    /// `*` and `/`
    Product,
    /// What a sign before it is of.
    Unary,
    /// `^`
    Power,
}

/// Signs between two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operator {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `^`
    Power,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    More,
    /// `>=`
    MoreOrEqual,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `and`
    And,
    /// `or`
    Or,
}

impl Operator {
    /// All of them, the loosest first.
    const ALL: [Self; 13] = [
        Self::Or,
        Self::And,
        Self::Less,
        Self::LessOrEqual,
        Self::More,
        Self::MoreOrEqual,
        Self::Equal,
        Self::NotEqual,
        Self::Add,
        Self::Subtract,
        Self::Multiply,
        Self::Divide,
        Self::Power,
    ];

    /// How tightly it binds; what binds tighter is worked out first.
    #[must_use]
    pub fn rank(self) -> Rank {
        match self {
            Self::Or => Rank::Or,
            Self::And => Rank::And,
            Self::Less | Self::LessOrEqual | Self::More | Self::MoreOrEqual | Self::Equal | Self::NotEqual => {
                Rank::Comparison
            }
            Self::Add | Self::Subtract => Rank::Sum,
            Self::Multiply | Self::Divide => Rank::Product,
            Self::Power => Rank::Power,
        }
    }

    /// As written.
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Power => "^",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::More => ">",
            Self::MoreOrEqual => ">=",
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::And => "and",
            Self::Or => "or",
        }
    }

    /// As a reader sees it.
    #[must_use]
    pub fn printed(self) -> &'static str {
        match self {
            Self::Subtract => "−",
            Self::Multiply => "×",
            Self::Divide => "÷",
            Self::LessOrEqual => "≤",
            Self::MoreOrEqual => "≥",
            Self::Equal => "=",
            Self::NotEqual => "≠",
            other => other.sign(),
        }
    }
}

/// Reads a formula. `raw` is the text of the file between `span`; `text` what YAML made of it.
pub fn read_formula(
    path: &SourcePath,
    text: &str,
    raw: &str,
    span: Span,
    units: &Units,
    diagnostics: &mut Vec<Diagnostic>,
) -> Formula {
    let places = places(text, raw, span.start as usize);
    let mut parser = Parser { text, units, tokens: Vec::new(), at: 0, depth: 0, places };
    let tree = parser.lex().and_then(|()| parser.whole()).map_err(|fault| {
        let place = parser.place(fault.start, fault.end);
        let mut diagnostic = Diagnostic::at(Code::CalcFormula, path, place, fault.message).label(fault.label);
        for help in fault.help {
            diagnostic = diagnostic.help(help);
        }
        diagnostics.push(diagnostic);
    });
    Formula { text: text.to_owned(), path: path.clone(), span, tree: tree.ok() }
}

/// For each byte of `text` its place in the file. YAML may have taken quotes away, undone escapes and folded lines: both
/// texts are walked together, and what only the file has is stepped over.
fn places(text: &str, raw: &str, offset: usize) -> Vec<u32> {
    let raw = raw.as_bytes();
    let mut places = Vec::with_capacity(text.len() + 1);
    let mut at = 0;
    for byte in text.bytes() {
        let mut next = at;
        while next < raw.len() && raw[next] != byte && !(byte == b' ' && raw[next].is_ascii_whitespace()) {
            next += 1;
        }
        if next < raw.len() {
            at = next;
        }
        places.push(u32::try_from(offset + at.min(raw.len())).unwrap_or(u32::MAX));
        at = (at + 1).min(raw.len());
    }
    places.push(places.last().map_or_else(|| u32::try_from(offset).unwrap_or(u32::MAX), |last| last + 1));
    places
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Number(f64),
    Word(String),
    Unit(String),
    Sign(&'static str),
    End,
}

struct Fault {
    start: usize,
    end: usize,
    message: String,
    label: String,
    help: Vec<String>,
}

struct Parser<'a> {
    text: &'a str,
    units: &'a Units,
    tokens: Vec<(Token, usize, usize)>,
    at: usize,
    depth: usize,
    places: Vec<u32>,
}

const SIGNS: [&str; 16] = ["<=", ">=", "==", "!=", "+", "-", "*", "/", "^", "<", ">", "(", ")", ",", ".", "%"];

type Parsed = Result<Tree, Fault>;

impl Parser<'_> {
    fn place(&self, start: usize, end: usize) -> Span {
        let last = self.places.len() - 1;
        let start_at = self.places[start.min(last)];
        let end_at = if end > start { self.places[(end - 1).min(last)] + 1 } else { start_at + 1 };
        Span { start: start_at, end: end_at.max(start_at) }
    }

    fn lex(&mut self) -> Result<(), Fault> {
        let text = self.text;
        let bytes = text.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            let start = at;
            let byte = bytes[at];
            if byte.is_ascii_whitespace() {
                at += 1;
                continue;
            }
            if self.tokens.len() > TOKENS_MAX {
                return Err(self.fault(at, at + 1, format!("a formula may have {TOKENS_MAX} parts"), "too long"));
            }
            if byte.is_ascii_digit() {
                while at < bytes.len() && (bytes[at].is_ascii_digit() || matches!(bytes[at], b'.' | b'_')) {
                    at += 1;
                }
                if at + 1 < bytes.len() && matches!(bytes[at], b'e' | b'E') {
                    let sign = usize::from(matches!(bytes[at + 1], b'-' | b'+'));
                    if bytes.get(at + 1 + sign).is_some_and(u8::is_ascii_digit) {
                        at += 1 + sign;
                        while at < bytes.len() && bytes[at].is_ascii_digit() {
                            at += 1;
                        }
                    }
                }
                let Some(number) = crate::data::parse_number(&text[start..at]) else {
                    let message = format!("`{}` is not a number", &text[start..at]);
                    return Err(self.fault(start, at, message, "not a number"));
                };
                self.tokens.push((Token::Number(number), start, at));
                at = self.lex_unit(at);
                continue;
            }
            if byte.is_ascii_alphabetic() || byte == b'_' {
                while at < bytes.len() && (bytes[at].is_ascii_alphanumeric() || bytes[at] == b'_') {
                    at += 1;
                }
                self.tokens.push((Token::Word(text[start..at].to_owned()), start, at));
                if &text[start..at] == "in" {
                    at = self.lex_unit(at);
                }
                continue;
            }
            match SIGNS.iter().find(|sign| text[at..].starts_with(**sign)) {
                Some(sign) => {
                    at += sign.len();
                    self.tokens.push((Token::Sign(sign), start, at));
                }
                None => {
                    let sign = text[at..].chars().next().unwrap_or(' ');
                    let mut fault =
                        self.fault(at, at + sign.len_utf8(), format!("`{sign}` means nothing in a formula"), "");
                    if sign == '=' {
                        fault.help.push("compare with `==`".to_owned());
                    }
                    return Err(fault);
                }
            }
        }
        self.tokens.push((Token::End, bytes.len(), bytes.len()));
        Ok(())
    }

    /// A unit right after a number or `in`: `%`, or names joined by `/` without spaces.
    fn lex_unit(&mut self, from: usize) -> usize {
        let bytes = self.text.as_bytes();
        let mut at = from;
        while at < bytes.len() && bytes[at] == b' ' {
            at += 1;
        }
        let start = at;
        // After `in` only a unit can stand; what is none is reported as one.
        let after_in = matches!(self.tokens.last(), Some((Token::Word(_), ..)));
        let is_word = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
        let word_end = |mut at: usize| {
            while is_word(bytes.get(at)) {
                at += 1;
            }
            at
        };
        if bytes.get(at) == Some(&b'%') {
            at += 1;
        } else {
            let end = word_end(at);
            let word = &self.text[at..end];
            let keyword = ["then", "else", "and", "or", "in", "is"].contains(&word);
            if word.is_empty() || keyword || !(after_in || self.units.knows(word)) {
                return from;
            }
            at = end;
        }
        while bytes.get(at) == Some(&b'/') {
            let end = word_end(at + 1);
            if end == at + 1 || !(after_in || self.units.knows(&self.text[at + 1..end])) {
                break;
            }
            at = end;
        }
        self.tokens.push((Token::Unit(self.text[start..at].to_owned()), start, at));
        at
    }

    fn fault(&self, start: usize, end: usize, message: String, label: &str) -> Fault {
        Fault { start, end, message, label: label.to_owned(), help: Vec::new() }
    }

    fn peek(&self) -> &Token {
        &self.tokens[self.at].0
    }

    fn is_sign(&self, sign: &str) -> bool {
        matches!(self.peek(), Token::Sign(known) if *known == sign)
    }

    fn is_word(&self, word: &str) -> bool {
        matches!(self.peek(), Token::Word(known) if known == word)
    }

    fn start(&self) -> usize {
        self.tokens[self.at].1
    }

    fn end(&self) -> usize {
        self.tokens[self.at.saturating_sub(1)].2
    }

    fn next(&mut self) {
        self.at = (self.at + 1).min(self.tokens.len() - 1);
    }

    fn tree(&self, kind: TreeKind, start: usize) -> Tree {
        Tree { kind, span: self.place(start, self.end()) }
    }

    fn expected(&self, what: &str) -> Fault {
        let (token, start, end) = &self.tokens[self.at];
        let found = match token {
            Token::End => "the end".to_owned(),
            _ => format!("`{}`", &self.text[*start..*end]),
        };
        let mut fault = self.fault(
            *start,
            (*end).max(*start + 1),
            format!("expected {what}, found {found}"),
            &format!("{what} expected here"),
        );
        if *token == Token::End {
            fault.help.push("inside `{…}` YAML ends a text at a comma: put the formula in quotes".to_owned());
        }
        fault
    }

    /// A word right after a number was meant as a unit.
    fn no_unit(&self) -> Option<Fault> {
        let after_number = matches!(self.tokens[self.at.checked_sub(1)?].0, Token::Number(_));
        let Token::Word(word) = self.peek() else { return None };
        if !after_number || ["then", "else", "and", "or", "in", "is"].contains(&word.as_str()) {
            return None;
        }
        let unit = self.units.parse(word).err()?;
        let (_, start, end) = &self.tokens[self.at];
        Some(Fault {
            start: *start,
            end: *end,
            message: unit.message,
            label: String::new(),
            help: unit.help.into_iter().collect(),
        })
    }

    fn expect(&mut self, sign: &'static str) -> Result<(), Fault> {
        if let (false, Some(fault)) = (self.is_sign(sign), self.no_unit()) {
            return Err(fault);
        }
        if !self.is_sign(sign) {
            return Err(self.expected(&format!("`{sign}`")));
        }
        self.next();
        Ok(())
    }

    fn expect_word(&mut self, word: &str) -> Result<(), Fault> {
        if !self.is_word(word) {
            return Err(self.expected(&format!("`{word}`")));
        }
        self.next();
        Ok(())
    }

    fn whole(&mut self) -> Parsed {
        let tree = self.expression()?;
        if *self.peek() != Token::End {
            return Err(self.no_unit().unwrap_or_else(|| self.expected("an operator or the end")));
        }
        Ok(tree)
    }

    fn expression(&mut self) -> Parsed {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            let start = self.start();
            let mut fault =
                self.fault(start, start + 1, format!("a formula may be nested {DEPTH_MAX} deep"), "too deep");
            fault.help.push("give a part of it a name of its own".to_owned());
            return Err(fault);
        }
        let start = self.start();
        let tree = if self.is_word("if") {
            self.next();
            let condition = self.expression()?;
            self.expect_word("then")?;
            let yes = self.expression()?;
            self.expect_word("else")?;
            let no = self.expression()?;
            self.tree(TreeKind::If(Box::new(condition), Box::new(yes), Box::new(no)), start)
        } else {
            self.either()?
        };
        self.depth -= 1;
        Ok(tree)
    }

    fn either(&mut self) -> Parsed {
        self.chain(Rank::Or, |parser| parser.chain(Rank::And, Self::negation))
    }

    /// The operator that comes next, where it is of this rank, and its place; it is stepped over.
    fn operator(&mut self, rank: Rank) -> Option<(Operator, Span)> {
        let written = match self.peek() {
            Token::Sign(sign) => *sign,
            Token::Word(word) => word.as_str(),
            _ => return None,
        };
        let operator = Operator::ALL.into_iter().find(|known| known.rank() == rank && known.sign() == written)?;
        let sign = self.place(self.start(), self.tokens[self.at].2);
        self.next();
        Some((operator, sign))
    }

    /// Operands joined by operators of one rank, from the left.
    fn chain(&mut self, rank: Rank, inner: impl Fn(&mut Self) -> Parsed) -> Parsed {
        let start = self.start();
        let mut left = inner(self)?;
        while let Some((operator, sign)) = self.operator(rank) {
            let right = inner(self)?;
            left = self.tree(TreeKind::Binary(operator, sign, Box::new(left), Box::new(right)), start);
            self.bounded(&left)?;
        }
        Ok(left)
    }

    /// A long chain is a deep tree.
    fn bounded(&self, tree: &Tree) -> Result<(), Fault> {
        let mut depth = 0;
        let mut node = tree;
        while let TreeKind::Binary(_, _, left, _) = &node.kind {
            node = left;
            depth += 1;
        }
        if depth > 4 * DEPTH_MAX {
            let start = self.start();
            return Err(self.fault(start, start + 1, "this formula is too long".to_owned(), "too long"));
        }
        Ok(())
    }

    fn negation(&mut self) -> Parsed {
        let start = self.start();
        if self.is_word("not") {
            self.next();
            self.depth += 1;
            if self.depth > DEPTH_MAX {
                return Err(self.fault(
                    start,
                    start + 1,
                    format!("a formula may be nested {DEPTH_MAX} deep"),
                    "too deep",
                ));
            }
            let inner = self.negation()?;
            self.depth -= 1;
            return Ok(self.tree(TreeKind::Not(Box::new(inner)), start));
        }
        let left = self.sum()?;
        if self.is_word("is") {
            self.next();
            let negated = self.is_word("not");
            if negated {
                self.next();
            }
            let option_at = self.start();
            let option = match self.peek() {
                Token::Word(word) => word.clone(),
                Token::Number(_) => self.text[option_at..self.tokens[self.at].2].to_owned(),
                _ => return Err(self.expected("the name of an option")),
            };
            self.next();
            let place = self.place(option_at, self.end());
            return Ok(self.tree(TreeKind::Is(Box::new(left), option, place, negated), start));
        }
        let Some((operator, sign)) = self.operator(Rank::Comparison) else { return Ok(left) };
        let right = self.sum()?;
        Ok(self.tree(TreeKind::Binary(operator, sign, Box::new(left), Box::new(right)), start))
    }

    fn sum(&mut self) -> Parsed {
        self.chain(Rank::Sum, Self::product)
    }

    fn product(&mut self) -> Parsed {
        let start = self.start();
        let left = self.chain(Rank::Product, Self::unary)?;
        if !self.is_word("in") {
            return Ok(left);
        }
        self.next();
        let Token::Unit(unit) = self.peek().clone() else { return Err(self.expected("a unit")) };
        let unit_at = self.start();
        self.next();
        let place = self.place(unit_at, self.end());
        Ok(self.tree(TreeKind::In(Box::new(left), unit, place), start))
    }

    fn unary(&mut self) -> Parsed {
        let start = self.start();
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(self.fault(start, start + 1, format!("a formula may be nested {DEPTH_MAX} deep"), "too deep"));
        }
        let tree = if self.is_sign("-") {
            self.next();
            let inner = self.unary()?;
            self.tree(TreeKind::Negate(Box::new(inner)), start)
        } else {
            let base = self.primary()?;
            match self.operator(Rank::Power) {
                Some((operator, sign)) => {
                    let exponent = self.unary()?;
                    self.tree(TreeKind::Binary(operator, sign, Box::new(base), Box::new(exponent)), start)
                }
                None => base,
            }
        };
        self.depth -= 1;
        Ok(tree)
    }

    fn primary(&mut self) -> Parsed {
        let start = self.start();
        match self.peek().clone() {
            Token::Number(number) => {
                self.next();
                let mut unit = None;
                if let Token::Unit(text) = self.peek().clone() {
                    let unit_at = self.start();
                    self.next();
                    unit = Some((text, self.place(unit_at, self.end())));
                }
                Ok(self.tree(TreeKind::Number(number, unit), start))
            }
            Token::Word(word) if ["then", "else", "and", "or", "in", "is", "not", "if"].contains(&word.as_str()) => {
                Err(self.expected("a value"))
            }
            Token::Word(word) => {
                self.next();
                let name_span = self.place(start, self.end());
                if self.is_sign("(") {
                    self.next();
                    let mut arguments = Vec::new();
                    if !self.is_sign(")") {
                        loop {
                            arguments.push(self.expression()?);
                            if !self.is_sign(",") {
                                break;
                            }
                            self.next();
                        }
                    }
                    self.expect(")")?;
                    return Ok(self.tree(TreeKind::Call(word, name_span, arguments), start));
                }
                if self.is_sign(".") {
                    self.next();
                    let Token::Word(column) = self.peek().clone() else { return Err(self.expected("a column")) };
                    self.next();
                    return Ok(self.tree(TreeKind::Column(word, column), start));
                }
                Ok(self.tree(TreeKind::Name(word), start))
            }
            Token::Sign("(") => {
                self.next();
                let inner = self.expression()?;
                self.expect(")")?;
                Ok(Tree { span: self.place(start, self.end()), ..inner })
            }
            _ => Err(self.expected("a value")),
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on should stop at the line that says why")]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Tree, String> {
        let units = Units { currency: Some("USD".to_owned()), counting: Vec::new() };
        let mut diagnostics = Vec::new();
        let path = SourcePath::new("a.calc.yaml");
        let formula = read_formula(&path, text, text, Span::new(0, text.len()), &units, &mut diagnostics);
        formula.tree.ok_or_else(|| {
            let span = diagnostics[0].labels[0].span.unwrap();
            format!("{}..{} {}", span.start, span.end, diagnostics[0].message)
        })
    }

    #[test]
    fn trees_keep_their_places() {
        let tree = read("a + 2 USD/month * b.c").unwrap();
        let TreeKind::Binary(Operator::Add, sign, left, right) = tree.kind else { panic!("not a sum") };
        assert_eq!((sign, left.span, right.span), (Span::new(2, 3), Span::new(0, 1), Span::new(4, 21)));
        assert!(matches!(right.kind, TreeKind::Binary(Operator::Multiply, ..)));
        assert!(matches!(read("2 month ^ 2").unwrap().kind, TreeKind::Binary(Operator::Power, ..)));
        assert!(matches!(read("a / 2 in USD/month").unwrap().kind, TreeKind::In(..)));
    }

    #[test]
    fn faults_say_where() {
        assert_eq!(read("max(a").unwrap_err(), "5..6 expected `)`, found the end");
        assert_eq!(read("a = b").unwrap_err(), "2..3 `=` means nothing in a formula");
        assert_eq!(read("2 hours + 1").unwrap_err(), "2..7 `hours` is not a unit of this calculator");
        assert_eq!(read("a b").unwrap_err(), "2..3 expected an operator or the end, found `b`");
        assert!(read(&"(".repeat(500)).unwrap_err().contains("nested 48 deep"));
        assert!(read(&format!("1{}", " + 1".repeat(900))).unwrap_err().contains("too long"));
    }

    #[test]
    fn quotes_escapes_and_folded_lines_move_places() {
        assert_eq!(places("a+b", "\"a+b\"", 10), vec![11, 12, 13, 14]);
        assert_eq!(places("a b", "a\n   b", 0)[2], 5);
    }
}
