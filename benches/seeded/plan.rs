//! What a seeded site holds before a word of it is written: every page's kind, names, topics and relations.

use super::random::Random;
use super::words::{capitalise, push_invented};

/// The kinds of page that a seeded site uses, in the order of `KINDS`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Hub,
    Role,
    Skill,
    Education,
    Pathway,
    Finance,
    Tradeoff,
    Term,
}

/// Every kind with its id, its folder (hubs stand at the top) and its name in a peer's menu.
pub(crate) const KINDS: [(Kind, &str, &str, &str); 8] = [
    (Kind::Hub, "hub", "", "Guides"),
    (Kind::Role, "role", "roles", "Roles"),
    (Kind::Skill, "skill", "skills", "Skills"),
    (Kind::Education, "education", "education", "Education"),
    (Kind::Pathway, "pathway", "pathways", "Pathways"),
    (Kind::Finance, "finance", "finances", "Finances"),
    (Kind::Tradeoff, "tradeoff", "pros-and-cons", "Pros and cons"),
    (Kind::Term, "term", "glossary", "Glossary"),
];

impl Kind {
    /// The folder of its pages under `content/`, empty for hubs.
    pub(crate) fn folder(self) -> &'static str {
        KINDS[self as usize].2
    }

    /// The word its pages' ids start with.
    pub(crate) fn id(self) -> &'static str {
        KINDS[self as usize].1
    }
}

/// One page: everything that other pages may refer to.
pub(crate) struct Page {
    pub(crate) kind: Kind,
    pub(crate) title: String,
    pub(crate) slug: String,
    pub(crate) has_alias: bool,
    /// Indexes into `Plan::topics`.
    pub(crate) topics: Vec<usize>,
    /// Relation name and target pages, in the order they are declared.
    pub(crate) relations: Vec<(&'static str, Vec<usize>)>,
}

impl Page {
    /// The stable id that links use.
    pub(crate) fn id(&self) -> String {
        format!("{}-{}", self.kind.id(), self.slug)
    }

    /// The path of its file under `content/`, without `.md`; also its address without the slash at the end.
    pub(crate) fn path(&self) -> String {
        match self.kind {
            Kind::Hub => self.slug.clone(),
            kind => format!("{}/{}", kind.folder(), self.slug),
        }
    }
}

/// A whole site, planned.
pub(crate) struct Plan {
    pub(crate) seed: u64,
    pub(crate) pages: Vec<Page>,
    pub(crate) topics: Vec<String>,
    pub(crate) fact_count: usize,
}

/// Purposes of the random streams, so that no two draw the same numbers.
pub(crate) mod purpose {
    pub(crate) const PAGE: u64 = 1;
    pub(crate) const ARTICLE: u64 = 2;
    pub(crate) const FACT: u64 = 3;
    pub(crate) const CONTRAST: u64 = 4;
    pub(crate) const HOME: u64 = 5;
}

/// How many pages in a row share a subject. `requires` stays inside one, as it does in real guides: if any page could
/// require any lower one, what a page requires in the end would grow with the site, and the bench would measure that.
const SUBJECT_PAGES: usize = 100;

/// Sizes of the three word lists of titles: no common factor, so their remainders name 100,040 numbers apart.
const TITLE_WORDS: [usize; 3] = [40, 41, 61];

impl Plan {
    /// Plans a site of `page_count` articles (its home page comes on top).
    pub(crate) fn new(seed: u64, page_count: usize) -> Self {
        let kinds: Vec<Kind> = (0..page_count).map(|index| kind_of(seed, index)).collect();
        let topic_count = (page_count / 40).max(12);
        let mut pages = Vec::with_capacity(page_count);
        for (index, &kind) in kinds.iter().enumerate() {
            let mut random = Random::stream(seed, purpose::PAGE, index);
            let (title, slug) = names(index);
            let topics = distinct(random.between(2, 4), || {
                // The lower of two draws: some topics are twice as common as others.
                Some(random.below(topic_count).min(random.below(topic_count)))
            });
            let relations = relations(seed, &kinds, index);
            let has_alias = random.chance(25);
            pages.push(Page { kind, title, slug, has_alias, topics, relations });
        }
        Self { seed, pages, topics: (0..topic_count).map(topic_name).collect(), fact_count: (page_count / 20).max(5) }
    }
}

fn kind_of(seed: u64, index: usize) -> Kind {
    if index.is_multiple_of(200) {
        return Kind::Hub;
    }
    // A stream of its own: what a page's other draws are must not move its kind.
    match Random::stream(seed ^ 0x5EED, purpose::PAGE, index).below(100) {
        0..20 => Kind::Role,
        20..45 => Kind::Skill,
        45..55 => Kind::Education,
        55..65 => Kind::Pathway,
        65..75 => Kind::Finance,
        75..85 => Kind::Tradeoff,
        _ => Kind::Term,
    }
}

fn names(index: usize) -> (String, String) {
    let mut title = String::new();
    for (list, size) in TITLE_WORDS.iter().enumerate() {
        if list > 0 {
            title.push(' ');
        }
        // Far beyond the words of prose, so that a title is not found by chance in every text.
        push_invented(20_000 + 1_000 * list + index % size, &mut title);
    }
    let round = index / TITLE_WORDS.iter().product::<usize>();
    if round > 0 {
        title.push_str(&format!(" {}", round + 1));
    }
    let slug = title.replace(' ', "-");
    capitalise(&mut title, 0);
    (title, slug)
}

fn topic_name(index: usize) -> String {
    let mut name = String::new();
    push_invented(40_000 + index % 211, &mut name);
    name.push(' ');
    push_invented(50_000 + index / 211 + 17 * (index % 5), &mut name);
    name
}

/// Up to `count` different values that `draw` gives; fewer where it repeats itself or has none.
fn distinct(count: usize, mut draw: impl FnMut() -> Option<usize>) -> Vec<usize> {
    let mut values = Vec::with_capacity(count);
    for _ in 0..count * 3 {
        if values.len() == count {
            break;
        }
        if let Some(value) = draw()
            && !values.contains(&value)
        {
            values.push(value);
        }
    }
    values
}

/// A few pages of the wanted kinds from `range`, never `index` itself.
fn targets(
    random: &mut Random,
    kinds: &[Kind],
    range: std::ops::Range<usize>,
    index: usize,
    wanted: &[Kind],
    count: usize,
) -> Vec<usize> {
    distinct(count, || {
        (0..8)
            .map(|_| range.start + random.below(range.len()))
            .find(|&target| target != index && target < range.end && wanted.contains(&kinds[target]))
    })
}

fn relations(seed: u64, kinds: &[Kind], index: usize) -> Vec<(&'static str, Vec<usize>)> {
    use Kind::{Education, Finance, Hub, Pathway, Role, Skill, Tradeoff};
    let kind = kinds[index];
    let mut random = Random::stream(seed, purpose::PAGE, usize::MAX - index);
    let subject = index / SUBJECT_PAGES * SUBJECT_PAGES;
    let whole = 0..kinds.len();
    let mut relations = Vec::new();
    let mut declare = |name, targets: Vec<usize>| {
        if !targets.is_empty() {
            relations.push((name, targets));
        }
    };
    if matches!(kind, Role | Skill | Education | Pathway) {
        let count = random.between(0, 3);
        declare("requires", targets(&mut random, kinds, subject..index, index, &[Skill, Education, Finance], count));
        let count = random.between(0, 2);
        declare("leads_to", targets(&mut random, kinds, whole.clone(), index, &[Role, Pathway, Education], count));
    }
    if matches!(kind, Role | Pathway) {
        let count = random.between(0, 2);
        declare("pays_via", targets(&mut random, kinds, whole.clone(), index, &[Finance, Pathway], count));
    }
    // Symmetric, so both pages of a pair must come to the same answer: they ask one stream.
    let other = index ^ 1;
    let may_contrast = other < kinds.len() && kind != Hub && kinds[other] != Hub;
    if may_contrast && Random::stream(seed, purpose::CONTRAST, index / 2).chance(20) {
        declare("contrasts_with", vec![other]);
    }
    if matches!(kind, Role | Pathway | Finance | Education) && random.chance(50) {
        declare("exposed_to", targets(&mut random, kinds, whole, index, &[Tradeoff], 1));
    }
    if kind != Hub && random.chance(30) {
        let hub = random.below(kinds.len().div_ceil(200)) * 200;
        declare("part_of", vec![hub]);
    }
    relations
}
