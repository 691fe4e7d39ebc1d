//! Seeded sites: the same seed and size give the same bytes, for Fingerpost and, with equal words, for its peers.

mod article;
mod code;
mod facts;
mod plan;
mod random;
mod words;

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;

use crate::peers::PLAIN_CONFIG;
pub(crate) use article::Dialect;
use facts::{Fact, RECORDS_PER_FILE};
use plan::{KINDS, Kind, Plan};

/// What was written, to be told beside the measurements.
pub(crate) struct Written {
    pub(crate) file_count: usize,
    pub(crate) byte_count: u64,
    /// FNV-1a over all paths and bytes: two runs with the same digest measured the same site.
    pub(crate) digest: u64,
}

/// Writes files under one folder and keeps count of them.
struct SiteFolder<'root> {
    root: &'root Path,
    folders: BTreeSet<String>,
    written: Written,
}

impl SiteFolder<'_> {
    fn write(&mut self, path: &str, text: &str) -> io::Result<()> {
        if let Some((folder, _)) = path.rsplit_once('/')
            && self.folders.insert(folder.to_owned())
        {
            fs::create_dir_all(self.root.join(folder))?;
        }
        for byte in path.bytes().chain(text.bytes()) {
            self.written.digest = (self.written.digest ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
        }
        self.written.file_count += 1;
        self.written.byte_count += text.len() as u64;
        fs::write(self.root.join(path), text)
    }
}

/// The folders that articles stand in, the same in every generator's output.
pub(crate) fn section_folders() -> Vec<&'static str> {
    KINDS.iter().map(|(_, _, path, _)| *path).filter(|path| !path.is_empty()).collect()
}

/// Writes a site of `page_count` articles and a home page to the folder `root`, which need not exist.
pub(crate) fn write_site(dialect: Dialect, seed: u64, page_count: usize, root: &Path) -> io::Result<Written> {
    fs::create_dir_all(root)?;
    let plan = Plan::new(seed, page_count.max(1));
    let facts: Vec<Fact> = (0..plan.fact_count).map(|index| Fact::new(seed, index)).collect();
    let written = Written { file_count: 0, byte_count: 0, digest: 0xCBF2_9CE4_8422_2325 };
    let mut folder = SiteFolder { root, folders: BTreeSet::new(), written };
    for index in 0..plan.pages.len() {
        let text = article::article(&plan, &facts, dialect, index);
        folder.write(&format!("content/{}.md", plan.pages[index].path()), &text)?;
    }
    let home = article::home(&plan, &facts, dialect);
    match dialect {
        Dialect::Fingerpost => write_fingerpost_frame(&mut folder, &facts, seed, &home)?,
        Dialect::Hugo => {
            write_files(&mut folder, &HUGO_EQUAL)?;
            write_hugo_facts(&mut folder, &facts, seed)?;
            write_hugo_frame(&mut folder, &home)?;
        }
        Dialect::HugoLean => {
            write_files(&mut folder, &HUGO_LEAN)?;
            write_hugo_frame(&mut folder, &home)?;
        }
        Dialect::Zola => {
            write_files(&mut folder, &ZOLA_EQUAL)?;
            write_zola_facts(&mut folder, &facts, seed)?;
            write_zola_frame(&mut folder, &home, include_str!("../peers/zola/equal/config.toml"), ANCHORS)?;
        }
        Dialect::ZolaLean => {
            write_files(&mut folder, &ZOLA_LEAN)?;
            write_zola_frame(&mut folder, &home, include_str!("../peers/zola/lean/config.toml"), "")?;
        }
    }
    Ok(folder.written)
}

const DESCRIPTION: &str = "A seeded guide for measurements of how long a build takes, and how much memory it needs";

fn write_fingerpost_frame(folder: &mut SiteFolder<'_>, facts: &[Fact], seed: u64, home: &str) -> io::Result<()> {
    folder.write("site.toml", "title = \"Seeded guide\"\nbase_url = \"https://example.org\"\n")?;
    folder.write(
        "content/index.md",
        &format!("---\ntitle: Seeded guide\nid: home\ndescription: {DESCRIPTION}\n---\n\n{home}"),
    )?;
    for (file, chunk) in facts.chunks(RECORDS_PER_FILE).enumerate() {
        let mut records = String::new();
        for (position, fact) in chunk.iter().enumerate() {
            fact.push_record(seed, file * RECORDS_PER_FILE + position, &mut records);
        }
        folder.write(&format!("content/facts/subject-{file:03}.yaml"), &records)?;
    }
    Ok(())
}

/// The settings and templates of each peer, by their paths in its site.
const HUGO_EQUAL: [(&str, &str); 29] = [
    ("data/fields.yaml", include_str!("../peers/hugo/equal/data/fields.yaml")),
    ("data/relations.yaml", include_str!("../peers/hugo/equal/data/relations.yaml")),
    ("hugo.toml", include_str!("../peers/hugo/equal/hugo.toml")),
    ("layouts/404.html", include_str!("../peers/hugo/equal/layouts/404.html")),
    ("layouts/_markup/render-heading.html", include_str!("../peers/hugo/equal/layouts/_markup/render-heading.html")),
    ("layouts/_markup/render-link.html", include_str!("../peers/hugo/equal/layouts/_markup/render-link.html")),
    ("layouts/_partials/fact-line.html", include_str!("../peers/hugo/equal/layouts/_partials/fact-line.html")),
    ("layouts/_partials/fact-words.html", include_str!("../peers/hugo/equal/layouts/_partials/fact-words.html")),
    ("layouts/_partials/fact.html", include_str!("../peers/hugo/equal/layouts/_partials/fact.html")),
    ("layouts/_partials/foot.html", include_str!("../peers/hugo/equal/layouts/_partials/foot.html")),
    ("layouts/_partials/json-ld.html", include_str!("../peers/hugo/equal/layouts/_partials/json-ld.html")),
    ("layouts/_partials/kinds.html", include_str!("../peers/hugo/equal/layouts/_partials/kinds.html")),
    ("layouts/_partials/positions.html", include_str!("../peers/hugo/equal/layouts/_partials/positions.html")),
    ("layouts/_partials/quick.html", include_str!("../peers/hugo/equal/layouts/_partials/quick.html")),
    ("layouts/_partials/relations-in.html", include_str!("../peers/hugo/equal/layouts/_partials/relations-in.html")),
    ("layouts/_partials/tools.html", include_str!("../peers/hugo/equal/layouts/_partials/tools.html")),
    ("layouts/_partials/top.html", include_str!("../peers/hugo/equal/layouts/_partials/top.html")),
    ("layouts/_partials/ways.html", include_str!("../peers/hugo/equal/layouts/_partials/ways.html")),
    ("layouts/_shortcodes/fact.html", include_str!("../peers/hugo/equal/layouts/_shortcodes/fact.html")),
    ("layouts/_shortcodes/fact.md", include_str!("../peers/hugo/equal/layouts/_shortcodes/fact.md")),
    ("layouts/baseof.html", include_str!("../peers/hugo/equal/layouts/baseof.html")),
    ("layouts/facts.html", include_str!("../peers/hugo/equal/layouts/facts.html")),
    ("layouts/home.html", include_str!("../peers/hugo/equal/layouts/home.html")),
    ("layouts/page.html", include_str!("../peers/hugo/equal/layouts/page.html")),
    ("layouts/page.md", include_str!("../peers/hugo/equal/layouts/page.md")),
    ("layouts/section.html", include_str!("../peers/hugo/equal/layouts/section.html")),
    ("layouts/sources.html", include_str!("../peers/hugo/equal/layouts/sources.html")),
    ("layouts/taxonomy.html", include_str!("../peers/hugo/equal/layouts/taxonomy.html")),
    ("layouts/term.html", include_str!("../peers/hugo/equal/layouts/term.html")),
];

const HUGO_LEAN: [(&str, &str); 8] = [
    ("hugo.toml", include_str!("../peers/hugo/lean/hugo.toml")),
    ("layouts/404.html", include_str!("../peers/hugo/lean/layouts/404.html")),
    ("layouts/baseof.html", include_str!("../peers/hugo/lean/layouts/baseof.html")),
    ("layouts/home.html", include_str!("../peers/hugo/lean/layouts/home.html")),
    ("layouts/page.html", include_str!("../peers/hugo/lean/layouts/page.html")),
    ("layouts/section.html", include_str!("../peers/hugo/lean/layouts/section.html")),
    ("layouts/taxonomy.html", include_str!("../peers/hugo/lean/layouts/taxonomy.html")),
    ("layouts/term.html", include_str!("../peers/hugo/lean/layouts/term.html")),
];

const ZOLA_EQUAL: [(&str, &str); 11] = [
    ("templates/404.html", include_str!("../peers/zola/equal/templates/404.html")),
    ("templates/base.html", include_str!("../peers/zola/equal/templates/base.html")),
    ("templates/facts.html", include_str!("../peers/zola/equal/templates/facts.html")),
    ("templates/index.html", include_str!("../peers/zola/equal/templates/index.html")),
    ("templates/macros.html", include_str!("../peers/zola/equal/templates/macros.html")),
    ("templates/page.html", include_str!("../peers/zola/equal/templates/page.html")),
    ("templates/section.html", include_str!("../peers/zola/equal/templates/section.html")),
    ("templates/shortcodes/fact.html", include_str!("../peers/zola/equal/templates/shortcodes/fact.html")),
    ("templates/sources.html", include_str!("../peers/zola/equal/templates/sources.html")),
    ("templates/taxonomy_list.html", include_str!("../peers/zola/equal/templates/taxonomy_list.html")),
    ("templates/taxonomy_single.html", include_str!("../peers/zola/equal/templates/taxonomy_single.html")),
];

const ZOLA_LEAN: [(&str, &str); 7] = [
    ("templates/404.html", include_str!("../peers/zola/lean/templates/404.html")),
    ("templates/base.html", include_str!("../peers/zola/lean/templates/base.html")),
    ("templates/index.html", include_str!("../peers/zola/lean/templates/index.html")),
    ("templates/page.html", include_str!("../peers/zola/lean/templates/page.html")),
    ("templates/section.html", include_str!("../peers/zola/lean/templates/section.html")),
    ("templates/taxonomy_list.html", include_str!("../peers/zola/lean/templates/taxonomy_list.html")),
    ("templates/taxonomy_single.html", include_str!("../peers/zola/lean/templates/taxonomy_single.html")),
];

fn write_files(folder: &mut SiteFolder<'_>, files: &[(&str, &str)]) -> io::Result<()> {
    files.iter().try_for_each(|(path, text)| folder.write(path, text))
}

fn write_hugo_facts(folder: &mut SiteFolder<'_>, facts: &[Fact], seed: u64) -> io::Result<()> {
    let mut records = String::new();
    for (index, fact) in facts.iter().enumerate() {
        fact.push_yaml_entry(seed, index, &mut records);
    }
    folder.write("data/facts.yaml", &records)?;
    for (name, title) in REGISTERS {
        // Published, but no page that others lead to.
        let front_matter = format!(
            "---\ntitle: {title}\ndescription: {title} of the guide\nlayout: {name}\noutputs: [html]\nbuild: {{list: never}}\n---\n"
        );
        folder.write(&format!("content/{name}.md"), &front_matter)?;
    }
    Ok(())
}

/// The pages that list all facts and all sources, each with its template's name.
const REGISTERS: [(&str, &str); 2] = [("facts", "Facts"), ("sources", "Sources")];

/// A file a fact, so that a shortcode loads only what it gives, and one of all for the pages that list them: what
/// `load_data` has read it clones for each use, so that one file for all would cost each use the whole table.
fn write_zola_facts(folder: &mut SiteFolder<'_>, facts: &[Fact], seed: u64) -> io::Result<()> {
    let mut all = String::from("[");
    for (index, fact) in facts.iter().enumerate() {
        let mut record = String::new();
        fact.push_json(seed, index, &mut record);
        folder.write(&format!("data/facts/{}.json", fact.id), &record)?;
        if index > 0 {
            all.push_str(",\n");
        }
        all.push_str(&record);
    }
    all.push(']');
    folder.write("data/facts.json", &all)?;
    for (name, title) in REGISTERS {
        folder.write(
            &format!("content/{name}.md"),
            &format!("+++\ntitle = \"{title}\"\nweight = 0\ntemplate = \"{name}.html\"\n+++\n"),
        )?;
    }
    Ok(())
}

fn write_hugo_frame(folder: &mut SiteFolder<'_>, home: &str) -> io::Result<()> {
    folder.write(PLAIN_CONFIG, "[markup.highlight]\ncodeFences = false\n")?;
    let front_matter = format!("---\ntitle: Seeded guide\ndescription: {DESCRIPTION}\n---\n\n");
    folder.write("content/_index.md", &(front_matter + home))?;
    for (position, (kind, _, path, label)) in KINDS.iter().enumerate() {
        if *kind != Kind::Hub {
            let text = format!("---\ntitle: {label}\nweight: {position}\n---\n");
            folder.write(&format!("content/{path}/_index.md"), &text)?;
        }
    }
    Ok(())
}

/// A link beside each heading of a section's pages.
const ANCHORS: &str = "insert_anchor_links = \"right\"\n";

fn write_zola_frame(folder: &mut SiteFolder<'_>, home: &str, plain: &str, more: &str) -> io::Result<()> {
    let highlighting = "\n[markdown.highlighting]\nstyle = \"class\"\ntheme = \"github-light\"\n";
    folder.write("config.toml", &format!("{plain}{highlighting}"))?;
    folder.write(PLAIN_CONFIG, plain)?;
    let front_matter =
        format!("+++\ntitle = \"Seeded guide\"\ndescription = \"{DESCRIPTION}\"\nsort_by = \"weight\"\n{more}+++\n\n");
    folder.write("content/_index.md", &(front_matter + home))?;
    for (kind, _, path, label) in KINDS {
        if kind != Kind::Hub {
            folder.write(
                &format!("content/{path}/_index.md"),
                &format!("+++\ntitle = \"{label}\"\nsort_by = \"weight\"\n{more}+++\n"),
            )?;
        }
    }
    Ok(())
}
