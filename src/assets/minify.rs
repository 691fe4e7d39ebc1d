//! Style sheets and scripts without what only people need: comments, spaces, long ways to say the same.

use lightningcss::printer::PrinterOptions;
use lightningcss::stylesheet::{MinifyOptions, ParserOptions, StyleSheet};
use oxc_allocator::Allocator;
use oxc_codegen::{Codegen, CodegenOptions, CommentOptions};
use oxc_mangler::{MangleOptions, Mangler};
use oxc_parser::Parser;
use oxc_span::SourceType;

use super::brevity::shorten;

/// What is wrong with a style sheet or script, and the byte where it is noticed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SyntaxFault {
    pub(super) message: String,
    pub(super) at: usize,
}

/// A style sheet made small; it means the same in every browser that understands the original. Comments at its head that
/// begin with `!` stay, as licences ask for.
pub(super) fn style(text: &str) -> Result<String, SyntaxFault> {
    let mut sheet = StyleSheet::parse(text, ParserOptions::default()).map_err(|error| SyntaxFault {
        message: error.kind.to_string(),
        at: error.loc.map_or(0, |place| offset(text, place.line as usize, place.column as usize)),
    })?;
    let fault = |message: String| SyntaxFault { message, at: 0 };
    // Without targets nothing is translated for older browsers, and no prefix is added or taken away.
    sheet.minify(MinifyOptions::default()).map_err(|error| fault(error.kind.to_string()))?;
    let options = PrinterOptions { minify: true, ..PrinterOptions::default() };
    sheet.to_css(options).map(|printed| printed.code).map_err(|error| fault(error.kind.to_string()))
}

/// A script made small: what it does stays, and so do the names that other scripts can see; names inside functions become
/// short. Comments with a licence stay.
pub(super) fn script(text: &str) -> Result<String, SyntaxFault> {
    let allocator = Allocator::default();
    let mut parsed = Parser::new(&allocator, text, SourceType::unambiguous()).parse();
    if let Some(first) = parsed.diagnostics.first() {
        let at = first.labels.first().map_or(0, |label| label.offset() as usize);
        return Err(SyntaxFault { message: first.message.to_string(), at });
    }
    if parsed.panicked {
        return Err(SyntaxFault { message: "it cannot be read".to_owned(), at: 0 });
    }
    shorten(&allocator, &mut parsed.program);
    let comments = CommentOptions { normal: false, jsdoc: false, annotation: false, ..CommentOptions::default() };
    let options = CodegenOptions { comments, ..CodegenOptions::minify() };
    let kept = MangleOptions { top_level: Some(false), ..MangleOptions::default() };
    let short = Mangler::new().with_options(kept).build(&parsed.program);
    let printer = Codegen::new()
        .with_options(options)
        .with_scoping(Some(short.scoping))
        .with_private_member_mappings(Some(short.class_private_mappings));
    Ok(printer.build(&parsed.program).code)
}

/// The byte of a line, counted from 0, and of a column in UTF-16 units, counted from 1.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    let mut units = 1;
    let rest = text[start.min(text.len())..].char_indices().find(|(_, letter)| {
        let is_there = units >= column;
        units += letter.len_utf16();
        is_there
    });
    rest.map_or(text.len(), |(at, _)| start + at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn style_loses_what_browsers_do_not_need() {
        let small = style("/*! licence */\n/* why */\n.a > .b {\n  color: #ff0000;\n  margin: 0px 0px;\n}\n")
            .expect("it is CSS");
        assert_eq!(small.trim(), "/*! licence */\n.a>.b{color:red;margin:0}");
        let modern = "@layer a{.x{color:light-dark(#000,#fff);&:hover{color:oklch(50% .1 20)}}}";
        assert_eq!(style(modern).expect("it is CSS"), modern, "nothing is translated");
    }

    #[test]
    fn scripts_do_what_they_did() {
        let text = "// why\nconst a = 1\nlet b = a / 2 / 3\n;[1].map((x) => x)\nconst c = `a ${ b } /* kept */`\nconst d = /[/]\\/\\/ x/g\nreturn_(d)\nfunction return_(x) {\n  return\n  x\n}\n";
        let small = script(text).expect("it is JavaScript");
        assert_eq!(
            small,
            "let a=1,b=a/2/3;[1].map(e=>e);let c=`a ${b} /* kept */`,d=/[/]\\/\\/ x/g;return_(d);function return_(e){return;e}"
        );
        let names = "const seen = 1; (() => { const wide = { narrow: seen }; globalThis.wide = ({ narrow, ...rest }) => wide.narrow + narrow + rest; })();";
        assert_eq!(
            script(names).expect("it is JavaScript"),
            "let seen=1;(()=>{let e={narrow:seen};globalThis.wide=({narrow:t,...n})=>e.narrow+t+n})();",
            "names that others see, and properties, stay"
        );
        assert!(script("import a from './a.js';\nexport const b = await a();\n").is_ok());
        assert!(script("with (a) b\n").is_ok(), "old scripts are scripts too");
        assert!(script("\"use strict\";\na()").expect("it is JavaScript").starts_with("\"use strict\""));
    }

    #[test]
    fn the_same_is_said_in_fewer_bytes() {
        for (long, short) in [
            ("const a = 1; const b = 2; let c; var d; var e;", "let a=1,b=2,c;var d;var e;"),
            ("if (x) { y(); } else { z(); }", "if(x)y();else z();"),
            ("for (const a of b) { c(a); }", "for(let e of b)c(e);"),
            ("if (a) { let b = 1; }", "if(a){let e=1}"),
            ("if (a) { if (b) c(); } else d();", "if(a){if(b)c()}else d();"),
            ("if (false) a(); b(); if (true) { c(); }", "b();c();"),
            ("if (false) { var a; } a = 1;", "if(false){var a}a=1;"),
            ("if (false) { function a() {} } a;", "if(false){function a(){}}a;"),
            ("if (false) a(); else { b(); c(); }", "{b();c()}"),
            ("a = false && b; c = true ? d : e; f(true && g); h(i && false);", "a=false;c=d;f(g);h(i&&false);"),
        ] {
            assert_eq!(script(long).expect("it is JavaScript"), short);
        }
    }

    #[test]
    fn faults_have_a_place() {
        let text = "a { color: red }\nä } b";
        let fault = style(text).expect_err("it is no CSS");
        assert!(fault.at > 16 && text.is_char_boundary(fault.at), "{fault:?}");
        let text = "let a = 1;\nlet = ä ü;";
        let fault = script(text).expect_err("it is no JavaScript");
        assert!(fault.at > 10 && text.is_char_boundary(fault.at), "{fault:?}");
    }
}
