//! What a reader gets of an article, counted in the output: words of the text, links, sections, bytes.

use std::fs;
use std::io;
use std::path::Path;

/// Sums over all articles of one output.
#[derive(Clone, Default)]
pub(crate) struct Articles {
    pub(crate) count: usize,
    /// Bytes of the HTML files.
    pub(crate) byte_count: usize,
    /// Words of the article's own text, without markup.
    pub(crate) word_count: usize,
    pub(crate) link_count: usize,
    /// Headings of the second level: the text's own, and those of all that stands around it.
    pub(crate) section_count: usize,
}

/// Counts the pages `folder/*/index.html` of each named folder of an output.
pub(crate) fn count_articles(output: &Path, folders: &[&str]) -> io::Result<Articles> {
    let mut sums = Articles::default();
    for folder in folders {
        let Ok(entries) = fs::read_dir(output.join(folder)) else { continue };
        for entry in entries {
            let file = entry?.path().join("index.html");
            if file.is_file() {
                add(&fs::read_to_string(file)?, &mut sums);
            }
        }
    }
    Ok(sums)
}

fn add(html: &str, sums: &mut Articles) {
    sums.count += 1;
    sums.byte_count += html.len();
    sums.link_count += html.matches("<a ").count();
    sums.section_count += html.matches("<h2").count();
    // Our pages and the peers' equal ones mark the text so; what comes after it starts a section or a foot.
    let Some((_, text)) = html.split_once("<div class=\"prose\">") else { return };
    let end = ["<section", "<footer"].iter().filter_map(|mark| text.find(mark)).min().unwrap_or(text.len());
    sums.word_count += words(&text[..end]);
}

/// Words between tags; a tag that ends a block ends a word, too, one inside a line does not.
fn words(html: &str) -> usize {
    let mut text = String::with_capacity(html.len());
    for (position, part) in html.split('<').enumerate() {
        match part.split_once('>') {
            Some((tag, rest)) => {
                let name = tag.trim_start_matches('/').split(' ').next().unwrap_or_default();
                if !matches!(name, "a" | "b" | "code" | "data" | "em" | "span" | "strong" | "sup") {
                    text.push(' ');
                }
                text.push_str(rest);
            }
            None if position == 0 => text.push_str(part),
            None => {}
        }
    }
    text.split_whitespace().count()
}
