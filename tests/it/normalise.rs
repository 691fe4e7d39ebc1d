//! HTML made comparable: the same page written with other spaces, attribute order or character references is equal.
//!
//! The rules are those that the CommonMark project compares its own implementations by: runs of white space are one space
//! outside `pre`, white space around block tags does not count, attributes stand in order, references are resolved.

/// Tags around which white space does not show.
const BLOCK_TAGS: [&str; 37] = [
    "article",
    "header",
    "aside",
    "hgroup",
    "blockquote",
    "hr",
    "iframe",
    "body",
    "li",
    "map",
    "button",
    "object",
    "canvas",
    "ol",
    "caption",
    "output",
    "col",
    "p",
    "colgroup",
    "pre",
    "dd",
    "progress",
    "div",
    "section",
    "dl",
    "table",
    "td",
    "dt",
    "tbody",
    "embed",
    "textarea",
    "fieldset",
    "tfoot",
    "figcaption",
    "th",
    "tr",
    "ul",
];

/// What stood before the text at hand.
#[derive(PartialEq)]
enum Before {
    Start,
    Text,
    Opening(String),
    Closing(String),
}

/// `html` in the one form that all its equals share.
pub(crate) fn normalise(html: &str) -> String {
    let mut out = String::new();
    let mut before = Before::Start;
    let mut inside_pre = false;
    let mut rest = html;
    while !rest.is_empty() {
        if let Some((tag, after)) = split_tag(rest) {
            rest = after;
            before = write_tag(tag, before, &mut inside_pre, &mut out);
        } else {
            let end = end_of_first(rest, |letter| letter == '<');
            let text = resolve_references(&rest[..end]);
            rest = &rest[end..];
            out.push_str(&escape(&spaced(&text, &before, inside_pre)));
            before = Before::Text;
        }
    }
    out.trim().to_owned()
}

/// Where the first letter after the very first that is `wanted` stands, else the end.
fn end_of_first(text: &str, wanted: impl Fn(char) -> bool) -> usize {
    text.char_indices().skip(1).find(|&(_, letter)| wanted(letter)).map_or(text.len(), |(at, _)| at)
}

/// A tag, comment or declaration at the start of `html`, and what follows it.
fn split_tag(html: &str) -> Option<(&str, &str)> {
    for (open, close) in [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>"), ("<!", ">")] {
        if html.starts_with(open) {
            let end = html.find(close)? + close.len();
            return Some(html.split_at(end));
        }
    }
    let named = html.strip_prefix("</").or_else(|| html.strip_prefix('<'))?;
    if !named.starts_with(|letter: char| letter.is_ascii_alphabetic()) {
        return None;
    }
    let mut quote = None;
    for (at, letter) in html.char_indices() {
        match (quote, letter) {
            (None, '>') => return Some(html.split_at(at + 1)),
            (None, '"' | '\'') => quote = Some(letter),
            (Some(open), _) if open == letter => quote = None,
            _ => {}
        }
    }
    None
}

/// Writes one tag in its normal form and says what the next piece stands after.
fn write_tag(tag: &str, before: Before, inside_pre: &mut bool, out: &mut String) -> Before {
    if tag.starts_with("<!") || tag.starts_with("<?") {
        out.push_str(tag);
        return before;
    }
    let closing = tag.starts_with("</");
    let inner = tag.trim_start_matches(['<', '/']).trim_end_matches(['>', '/']);
    let name_end = inner.find(|letter: char| letter.is_ascii_whitespace()).unwrap_or(inner.len());
    let name = inner[..name_end].to_ascii_lowercase();
    if is_block(&name) {
        out.truncate(out.trim_end().len());
    }
    if name == "pre" {
        *inside_pre = !closing;
    }
    if closing {
        out.push_str(&format!("</{name}>"));
        return Before::Closing(name);
    }
    let mut attributes = attributes(&inner[name_end..]);
    attributes.sort();
    out.push_str(&format!("<{name}"));
    for (key, value) in attributes {
        match value {
            Some(value) => out.push_str(&format!(" {key}=\"{}\"", escape(&resolve_references(&value)))),
            None => out.push_str(&format!(" {key}")),
        }
    }
    out.push('>');
    Before::Opening(name)
}

/// The text with the white space that shows.
fn spaced(text: &str, before: &Before, inside_pre: bool) -> String {
    if inside_pre {
        return text.to_owned();
    }
    let text = if matches!(before, Before::Opening(tag) if tag == "br") { text.trim_start_matches('\n') } else { text };
    let mut spaced = String::new();
    for letter in text.chars() {
        let letter = if letter.is_ascii_whitespace() { ' ' } else { letter };
        if letter != ' ' || !spaced.ends_with(' ') {
            spaced.push(letter);
        }
    }
    match before {
        Before::Opening(tag) if is_block(tag) => spaced.trim_start().to_owned(),
        Before::Closing(tag) if is_block(tag) => spaced.trim().to_owned(),
        _ => spaced,
    }
}

/// Whether white space around `tag` does not show; the tags h1 to h6 are blocks too.
fn is_block(tag: &str) -> bool {
    BLOCK_TAGS.contains(&tag) || matches!(tag, "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "video" | "script" | "style")
}

/// The attributes written in `text`, which begins after the tag's name.
fn attributes(text: &str) -> Vec<(String, Option<String>)> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let name_end = end_of_first(rest, |letter| letter == '=' || letter.is_ascii_whitespace());
        let name = rest[..name_end].to_ascii_lowercase();
        rest = rest[name_end..].trim_start();
        let Some(valued) = rest.strip_prefix('=').map(str::trim_start) else {
            found.push((name, None));
            continue;
        };
        let (value, after) = match valued.chars().next() {
            Some(quote @ ('"' | '\'')) => {
                let end = valued[1..].find(quote).map_or(valued.len(), |at| at + 1);
                (&valued[1..end], valued.get(end + 1..).unwrap_or(""))
            }
            _ => valued.split_at(valued.find(|letter: char| letter.is_ascii_whitespace()).unwrap_or(valued.len())),
        };
        found.push((name, Some(value.to_owned())));
        rest = after.trim_start();
    }
    found
}

/// The few references that renderers disagree about when to write.
fn resolve_references(text: &str) -> String {
    ["&quot;\"", "&#34;\"", "&apos;'", "&#39;'", "&#x27;'", "&#x2F;/", "&lt;<", "&gt;>"]
        .iter()
        .fold(text.to_owned(), |text, pair| {
            let (reference, letter) = pair.split_at(pair.len() - 1);
            text.replace(reference, letter)
        })
        .replace("&amp;", "&")
}

/// The text with the letters that HTML reserves as references.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[test]
fn pages_that_differ_only_in_how_they_are_written_are_equal() {
    assert_eq!(normalise("<p>a  b\nc</p>\n"), "<p>a b c</p>");
    assert_eq!(normalise("<A  HREF='x'\n title=\"&quot;y\">"), "<a href=\"x\" title=\"&quot;y\">");
    assert_eq!(normalise("<ul>\n<li>a</li>\n</ul>"), normalise("<ul><li>a</li></ul>"));
    assert_eq!(normalise("<br />"), normalise("<br>"));
    assert_eq!(normalise("<pre>a\n  b</pre>"), "<pre>a\n  b</pre>");
    assert_eq!(normalise("<p>a <em>b</em> c</p>"), "<p>a <em>b</em> c</p>");
    assert_ne!(normalise("<p>a<em>b</em></p>"), normalise("<p>a <em>b</em></p>"));
    assert_ne!(normalise("&lt;b&gt;"), normalise("<b>"));
}
