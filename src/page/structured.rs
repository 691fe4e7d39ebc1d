//! JSON-LD: Article and BreadcrumbList for every article, Occupation with its pay for roles (schema.org).

use serde_json::{Map, Value, json};

use super::Pages;
use super::view::Head;
use crate::analyse::Direction;
use crate::base::PageId;
use crate::read::measure::Base;
use crate::read::{Document, Fact, Figures, Place, Target};

/// The JSON-LD of an article as text that is safe inside a script element.
#[must_use]
pub(super) fn article(pages: &Pages<'_>, page: PageId, document: &Document, head: &Head<'_>) -> String {
    let url = &head.url;
    let config = pages.config;
    let mut graph = Vec::new();
    if document.place == Place::Home {
        graph.push(json!({
            "@type": "WebSite", "@id": format!("{url}#site"), "url": url, "name": config.title,
            "description": config.description, "inLanguage": config.language,
        }));
    } else {
        let mut article = json!({
            "@type": "Article", "@id": format!("{url}#article"), "url": url, "headline": document.outline.title,
            "description": head.description, "inLanguage": head.language.unwrap_or(&config.language),
            "wordCount": document.outline.words,
            "isPartOf": { "@type": "WebSite", "url": config.base_url, "name": config.title },
        });
        if let Some(day) = document.front.reviewed {
            article["dateModified"] = json!(day.to_string());
        }
        let names: Vec<&String> = document.front.authors.iter().collect();
        if !names.is_empty() {
            article["author"] = names.iter().map(|name| json!({ "@type": "Person", "name": name })).collect();
        } else if let Some(author) = &config.author {
            article["author"] = json!({ "@type": "Organization", "name": author });
        }
        let topics: Vec<&str> = document.front.topics.iter().map(|topic| topic.value.as_str()).collect();
        if !topics.is_empty() {
            article["keywords"] = json!(topics);
        }
        graph.push(article);
    }
    if !head.breadcrumbs.is_empty() {
        let mut items: Vec<Value> = head
            .breadcrumbs
            .iter()
            .enumerate()
            .map(|(index, link)| {
                json!({ "@type": "ListItem", "position": index + 1, "name": link.title,
                        "item": format!("{}{}", config.base_url, link.path) })
            })
            .collect();
        items.push(json!({ "@type": "ListItem", "position": items.len() + 1, "name": document.outline.title }));
        graph.push(json!({ "@type": "BreadcrumbList", "itemListElement": items }));
    }
    if config.kind(document.kind).occupation && document.place == Place::Page {
        graph.push(occupation(pages, page, document, head));
    }
    script_safe(&json!({ "@context": "https://schema.org", "@graph": graph }))
}

fn occupation(pages: &Pages<'_>, page: PageId, document: &Document, head: &Head<'_>) -> Value {
    let mut occupation = json!({
        "@type": "Occupation", "@id": format!("{}#occupation", head.url), "name": document.outline.title,
        "description": head.description, "mainEntityOfPage": head.url,
    });
    let skills: Vec<&str> = pages.insights.relations[page.index()]
        .iter()
        .filter(|group| {
            group.direction == Direction::Out && !pages.config.relation(group.relation).expected_from.is_empty()
        })
        .flat_map(|group| group.pages.iter().map(|page| pages.site.title(*page)))
        .collect();
    if !skills.is_empty() {
        occupation["skills"] = json!(skills.join(", "));
    }
    if let Some((pay, place)) = pay(pages, document) {
        occupation["estimatedSalary"] = pay;
        if let Some(place) = place {
            occupation["occupationLocation"] = json!({ "@type": "AdministrativeArea", "name": place });
        }
    }
    occupation
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
fn script_safe(value: &Value) -> String {
    value.to_string().replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}
