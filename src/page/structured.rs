//! JSON-LD: Article and BreadcrumbList for every article, Occupation with its pay for roles (schema.org).

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::Pages;
use super::view::Head;
use crate::analyse::Direction;
use crate::base::PageId;
use crate::read::measure::Base;
use crate::read::{Document, Fact, Figures, Place, Target};

/// Everything that is said of one page.
#[derive(Serialize)]
struct Said<'a> {
    #[serde(rename = "@context")]
    context: &'static str,
    #[serde(rename = "@graph")]
    graph: Vec<Thing<'a>>,
}

/// A thing of schema.org.
#[derive(Serialize)]
#[serde(tag = "@type")]
enum Thing<'a> {
    #[serde(rename_all = "camelCase")]
    WebSite {
        #[serde(rename = "@id", skip_serializing_if = "Option::is_none")]
        id: Option<String>,
        url: &'a str,
        name: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        description: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        in_language: Option<&'a str>,
    },
    #[serde(rename_all = "camelCase")]
    Article {
        #[serde(rename = "@id")]
        id: String,
        url: &'a str,
        headline: &'a str,
        #[serde(skip_serializing_if = "str::is_empty")]
        description: &'a str,
        in_language: &'a str,
        word_count: u32,
        is_part_of: Box<Thing<'a>>,
        #[serde(skip_serializing_if = "Option::is_none")]
        date_modified: Option<String>,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        author: Vec<Thing<'a>>,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        keywords: Vec<&'a str>,
    },
    Person {
        name: &'a str,
    },
    Organization {
        name: &'a str,
    },
    #[serde(rename_all = "camelCase")]
    BreadcrumbList {
        item_list_element: Vec<Thing<'a>>,
    },
    ListItem {
        position: usize,
        name: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        item: Option<String>,
    },
    #[serde(rename_all = "camelCase")]
    Occupation {
        #[serde(rename = "@id")]
        id: String,
        name: &'a str,
        #[serde(skip_serializing_if = "str::is_empty")]
        description: &'a str,
        main_entity_of_page: &'a str,
        #[serde(skip_serializing_if = "String::is_empty")]
        skills: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        estimated_salary: Option<Value>,
        #[serde(skip_serializing_if = "Option::is_none")]
        occupation_location: Option<Box<Thing<'a>>>,
    },
    AdministrativeArea {
        name: String,
    },
}

/// The JSON-LD of an article as text that is safe inside a script element.
#[must_use]
pub(super) fn article(pages: &Pages<'_>, page: PageId, document: &Document, head: &Head<'_>) -> String {
    let url = head.url.as_str();
    let config = pages.config;
    let mut graph = Vec::with_capacity(3);
    if document.place == Place::Home {
        graph.push(Thing::WebSite {
            id: Some(format!("{url}#site")),
            url,
            name: &config.title,
            description: Some(config.description.as_str()).filter(|description| !description.is_empty()),
            in_language: Some(&config.language),
        });
    } else {
        let people = document.front.authors.iter().map(|name| Thing::Person { name });
        let mut author: Vec<Thing<'_>> = people.collect();
        if author.is_empty() {
            author.extend(config.author.iter().map(|name| Thing::Organization { name }));
        }
        graph.push(Thing::Article {
            id: format!("{url}#article"),
            url,
            headline: &document.outline.title,
            description: &head.description,
            in_language: head.language.unwrap_or(&config.language),
            word_count: document.outline.words,
            is_part_of: Box::new(Thing::WebSite {
                id: None,
                url: &config.base_url,
                name: &config.title,
                description: None,
                in_language: None,
            }),
            date_modified: document.front.reviewed.map(|day| day.to_string()),
            author,
            keywords: document.front.topics.iter().map(|topic| topic.value.as_str()).collect(),
        });
    }
    if !head.breadcrumbs.is_empty() {
        let above = head.breadcrumbs.iter().enumerate().map(|(index, link)| Thing::ListItem {
            position: index + 1,
            name: link.title,
            item: Some(format!("{}{}", config.base_url, link.path)),
        });
        let (position, name) = (head.breadcrumbs.len() + 1, document.outline.title.as_str());
        let item_list_element = above.chain([Thing::ListItem { position, name, item: None }]).collect();
        graph.push(Thing::BreadcrumbList { item_list_element });
    }
    if config.kind(document.kind).occupation && document.place == Place::Page {
        graph.push(occupation(pages, page, document, head));
    }
    script_safe(&Said { context: "https://schema.org", graph })
}

fn occupation<'a>(pages: &Pages<'_>, page: PageId, document: &'a Document, head: &'a Head<'_>) -> Thing<'a> {
    let skills: Vec<&str> = pages.insights.relations[page.index()]
        .iter()
        .filter(|group| {
            group.direction == Direction::Out && !pages.config.relation(group.relation).expected_from.is_empty()
        })
        .flat_map(|group| group.pages.iter().map(|page| pages.site.title(*page)))
        .collect();
    let (estimated_salary, place) = pay(pages, document).map_or((None, None), |(pay, place)| (Some(pay), place));
    Thing::Occupation {
        id: format!("{}#occupation", head.url),
        name: &document.outline.title,
        description: &head.description,
        main_entity_of_page: &head.url,
        skills: skills.join(", "),
        estimated_salary,
        occupation_location: place.map(|name| Box::new(Thing::AdministrativeArea { name })),
    }
}

/// The pay distribution of a role and where it holds, from its first money field.
fn pay(pages: &Pages<'_>, document: &Document) -> Option<(Value, Option<String>)> {
    for field in &document.front.fields {
        if !matches!(field.wanted, crate::read::field::Wanted::Money) {
            continue;
        }
        if let Some(amount) = &field.amount
            && let Base::Money(currency) = &amount.unit.base
        {
            let percentiles = Percentiles { low: amount.low, typical: amount.typical, high: amount.high, named: false };
            return Some((distribution(currency, amount.unit.per.as_deref(), &percentiles, None), None));
        }
        for reference in field.proses.iter().flat_map(|prose| &prose.references) {
            let Target::Fact { id, .. } = &reference.target else { continue };
            let fact = pages.site.fact(*pages.site.fact_ids.get(&**id)?);
            let Base::Money(currency) = &fact.unit.base else { continue };
            let percentiles = Percentiles::of(fact)?;
            let value = distribution(currency, fact.unit.per.as_deref(), &percentiles, Some(fact));
            return Some((value, Some(fact.place.clone())));
        }
    }
    None
}

struct Percentiles {
    low: Option<f64>,
    typical: Option<f64>,
    high: Option<f64>,
    /// Low and high are known to be the tenth and ninetieth percentiles.
    named: bool,
}

impl Percentiles {
    fn of(fact: &Fact) -> Option<Self> {
        let named = fact.spread.as_deref().is_some_and(|spread| {
            let spread = spread.to_lowercase();
            spread.contains("p10") && spread.contains("p90")
        });
        match &fact.figures {
            Figures::Range { low, typical, high } => Some(Self { low: *low, typical: *typical, high: *high, named }),
            Figures::Value(_) | Figures::Series(_) => {
                Some(Self { low: None, typical: fact.typical(), high: None, named })
            }
            Figures::Text(_) => None,
        }
    }
}

fn distribution(currency: &str, period: Option<&str>, amounts: &Percentiles, fact: Option<&Fact>) -> Value {
    let mut value = Map::new();
    value.insert("@type".into(), json!("MonetaryAmountDistribution"));
    value.insert("name".into(), json!("base"));
    value.insert("currency".into(), json!(currency));
    let duration = match period {
        Some("year") => Some("P1Y"),
        Some("month") => Some("P1M"),
        Some("week") => Some("P1W"),
        Some("day") => Some("P1D"),
        Some("hour") => Some("PT1H"),
        _ => None,
    };
    if let Some(duration) = duration {
        value.insert("duration".into(), json!(duration));
    }
    let (low, high) = if amounts.named { ("percentile10", "percentile90") } else { ("minValue", "maxValue") };
    for (name, amount) in [(low, amounts.low), ("median", amounts.typical), (high, amounts.high)] {
        if let Some(amount) = amount {
            value.insert(name.into(), json!(amount));
        }
    }
    if let Some(fact) = fact {
        value.insert("description".into(), json!(format!("{}, {}", fact.statement, fact.as_of)));
    }
    Value::Object(value)
}

/// JSON that cannot end the script element it stands in.
fn script_safe(said: &Said<'_>) -> String {
    // Names of keys are texts: nothing here fails to be JSON.
    let json = serde_json::to_string(said).unwrap_or_default();
    let mut safe = String::with_capacity(json.len());
    let mut rest = json.as_str();
    while let Some(at) = rest.find(['<', '>', '&']) {
        safe.push_str(&rest[..at]);
        safe.push_str(match rest.as_bytes()[at] {
            b'<' => "\\u003c",
            b'>' => "\\u003e",
            _ => "\\u0026",
        });
        rest = &rest[at + 1..];
    }
    safe.push_str(rest);
    safe
}
