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
        Dialect::Hugo => write_hugo_frame(&mut folder, &home)?,
        Dialect::Zola => write_zola_frame(&mut folder, &home)?,
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

fn write_hugo_frame(folder: &mut SiteFolder<'_>, home: &str) -> io::Result<()> {
    folder.write("hugo.toml", include_str!("../peers/hugo/hugo.toml"))?;
    folder.write(PLAIN_CONFIG, "[markup.highlight]\ncodeFences = false\n")?;
    for (name, text) in [
        ("baseof.html", include_str!("../peers/hugo/layouts/baseof.html")),
        ("home.html", include_str!("../peers/hugo/layouts/home.html")),
        ("page.html", include_str!("../peers/hugo/layouts/page.html")),
        ("section.html", include_str!("../peers/hugo/layouts/section.html")),
        ("taxonomy.html", include_str!("../peers/hugo/layouts/taxonomy.html")),
        ("term.html", include_str!("../peers/hugo/layouts/term.html")),
        ("404.html", include_str!("../peers/hugo/layouts/404.html")),
    ] {
        folder.write(&format!("layouts/{name}"), text)?;
    }
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

fn write_zola_frame(folder: &mut SiteFolder<'_>, home: &str) -> io::Result<()> {
    let highlighting = "\n[markdown.highlighting]\nstyle = \"class\"\ntheme = \"github-light\"\n";
    let plain = include_str!("../peers/zola/config.toml");
    folder.write("config.toml", &format!("{plain}{highlighting}"))?;
    folder.write(PLAIN_CONFIG, plain)?;
    for (name, text) in [
        ("base.html", include_str!("../peers/zola/templates/base.html")),
        ("index.html", include_str!("../peers/zola/templates/index.html")),
        ("page.html", include_str!("../peers/zola/templates/page.html")),
        ("section.html", include_str!("../peers/zola/templates/section.html")),
        ("taxonomy_list.html", include_str!("../peers/zola/templates/taxonomy_list.html")),
        ("taxonomy_single.html", include_str!("../peers/zola/templates/taxonomy_single.html")),
        ("404.html", include_str!("../peers/zola/templates/404.html")),
    ] {
        folder.write(&format!("templates/{name}"), text)?;
    }
    let front_matter =
        format!("+++\ntitle = \"Seeded guide\"\ndescription = \"{DESCRIPTION}\"\nsort_by = \"weight\"\n+++\n\n");
    folder.write("content/_index.md", &(front_matter + home))?;
    for (kind, _, path, label) in KINDS {
        if kind != Kind::Hub {
            folder.write(
                &format!("content/{path}/_index.md"),
                &format!("+++\ntitle = \"{label}\"\nsort_by = \"weight\"\n+++\n"),
            )?;
        }
    }
    Ok(())
}
