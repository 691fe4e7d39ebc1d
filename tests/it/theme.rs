//! The default theme as it is written: contrast computed from its colours, layout that can be mirrored, one folder a component.

use crate::workshop::files_below;
use std::collections::BTreeMap;
use std::path::Path;

/// What is read on what, and the least contrast (WCAG 2.2, 1.4.3, 1.4.6 and 1.4.11): 7 for the text itself, 4.5 for all
/// other words, 3 for edges of controls and drawings.
const PAIRS: [(&str, &str, f64); 20] = [
    ("ink", "paper", 7.0),
    ("ink", "tint", 7.0),
    ("ink", "glow", 7.0),
    ("soft", "paper", 7.0),
    ("soft", "tint", 4.5),
    ("accent", "paper", 7.0),
    ("accent", "tint", 4.5),
    ("on-accent", "accent", 4.5),
    ("paper", "accent", 4.5),
    ("warn", "paper", 4.5),
    ("warn", "tint", 4.5),
    ("stop", "paper", 4.5),
    ("stop", "tint", 4.5),
    ("hl-string", "tint", 4.5),
    ("hl-number", "tint", 4.5),
    ("hl-function", "tint", 4.5),
    ("hl-type", "tint", 4.5),
    ("edge", "paper", 3.0),
    ("edge", "tint", 3.0),
    ("accent", "glow", 3.0),
];

/// A colour as light that adds up: linear red, green and blue.
type Light = [f64; 3];

#[test]
fn every_colour_can_be_read_on_every_ground_it_stands_on() {
    let style = style("styles/10-tokens.css");
    let prose = self::style("components/code/code.css");
    let accents = self::style("components/accent/accent.css");
    let mut faults = Vec::new();
    let (fallback, modern) = style.split_once("@supports").expect("the tokens have a fallback");
    let mut palettes: Vec<(String, BTreeMap<String, Light>)> = Vec::new();
    for scheme in ["light", "dark"] {
        let mut colours = declarations(modern_part(modern, ":root {"), scheme);
        for (name, class) in
            [("hl-string", ".hl-s"), ("hl-number", ".hl-n"), ("hl-function", ".hl-f"), ("hl-type", ".hl-t")]
        {
            let rule = prose.split_once(class).expect("code is coloured").1;
            let value = rule.split_once("color:").expect("it has a colour").1.split_once(';').expect("it ends").0;
            colours.insert(name.to_owned(), colour(value, scheme).expect("it is a colour"));
        }
        for accent in ["", "ocean", "plum", "rust"] {
            let mut own = colours.clone();
            if !accent.is_empty() {
                let rules =
                    accents.rsplit_once(&format!("[data-accent=\"{accent}\"]")).expect("this accent is declared").1;
                own.extend(declarations(rules.split_once('}').expect("it ends").0, scheme));
            }
            palettes.push((format!("{scheme} {accent}"), own));
        }
    }
    palettes
        .push(("fallback".to_owned(), declarations(fallback.split_once("@media").expect("one follows").0, "light")));
    for (palette, colours) in &palettes {
        for (text, ground, least) in PAIRS {
            let (Some(text_light), Some(ground_light)) = (colours.get(text), colours.get(ground)) else {
                assert!(palette == "fallback" && text.starts_with("hl-"), "{palette} has no {text} or no {ground}");
                continue;
            };
            let contrast = contrast(*text_light, *ground_light);
            if contrast < least {
                faults.push(format!("{palette}: {text} on {ground} has {contrast:.2}:1 and needs {least}"));
            }
        }
    }
    assert_eq!(palettes.len(), 9);
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// The declarations of the first rule that opens with `opening`.
fn modern_part<'a>(text: &'a str, opening: &str) -> &'a str {
    text.split_once(opening).expect("the rule is there").1.split_once('}').expect("it ends").0
}

/// The custom properties of a rule that are colours, as they are in one scheme.
fn declarations(rule: &str, scheme: &str) -> BTreeMap<String, Light> {
    rule.split(';')
        .filter_map(|declaration| {
            let (name, value) = declaration.split_once(':')?;
            let name = name.trim().rsplit_once("--")?.1;
            Some((name.to_owned(), colour(value.trim(), scheme)?))
        })
        .collect()
}

fn colour(value: &str, scheme: &str) -> Option<Light> {
    let value = value.trim();
    if let Some(both) = value.strip_prefix("light-dark(").and_then(|both| both.strip_suffix(')')) {
        let middle = both
            .match_indices(',')
            .map(|(at, _)| at)
            .find(|at| both[..*at].matches('(').count() == both[..*at].matches(')').count())?;
        let (light, dark) = both.split_at(middle);
        return colour(if scheme == "light" { light } else { &dark[1..] }, scheme);
    }
    if let Some(digits) = value.strip_prefix('#') {
        let channel = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).ok();
        return Some([0, 2, 4].map(|at| linear(f64::from(channel(at).unwrap_or_default()) / 255.0)));
    }
    let parts: Vec<f64> = value
        .strip_prefix("oklch(")?
        .strip_suffix(')')?
        .split_whitespace()
        .map(|part| match part.strip_suffix('%') {
            Some(percent) => percent.parse::<f64>().map(|percent| percent / 100.0),
            None => part.parse(),
        })
        .collect::<Result<_, _>>()
        .ok()?;
    let [lightness, chroma, hue] = parts.as_slice() else { return None };
    Some(oklch(*lightness, *chroma, *hue))
}

/// sRGB's transfer function (IEC 61966-2-1).
fn linear(channel: f64) -> f64 {
    if channel <= 0.04045 { channel / 12.92 } else { ((channel + 0.055) / 1.055).powf(2.4) }
}

/// Oklch to linear sRGB by the matrices of its author (Björn Ottosson, "A perceptual color space for image processing",
/// 2020), cut off at what a screen can show.
fn oklch(lightness: f64, chroma: f64, hue: f64) -> Light {
    let (a, b) = (chroma * hue.to_radians().cos(), chroma * hue.to_radians().sin());
    let cube = |root: f64| root * root * root;
    let l = cube(lightness + 0.396_337_777_4 * a + 0.215_803_757_3 * b);
    let m = cube(lightness - 0.105_561_345_8 * a - 0.063_854_172_8 * b);
    let s = cube(lightness - 0.089_484_177_5 * a - 1.291_485_548 * b);
    [
        4.076_741_662_1 * l - 3.307_711_591_3 * m + 0.230_969_929_2 * s,
        -1.268_438_004_6 * l + 2.609_757_401_1 * m - 0.341_319_396_5 * s,
        -0.004_196_086_3 * l - 0.703_418_614_7 * m + 1.707_614_701 * s,
    ]
    .map(|channel: f64| channel.clamp(0.0, 1.0))
}

/// Contrast ratio of two colours (WCAG 2.2).
fn contrast(one: Light, other: Light) -> f64 {
    let luminance = |[red, green, blue]: Light| 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    let (one, other) = (luminance(one) + 0.05, luminance(other) + 0.05);
    f64::max(one, other) / f64::min(one, other)
}

#[test]
fn contrast_is_computed_as_the_guidelines_say() {
    let hex = |text: &str| colour(text, "light").expect("it is a colour");
    assert!((contrast(hex("#000000"), hex("#ffffff")) - 21.0).abs() < 1e-9);
    assert!((contrast(hex("#777777"), hex("#ffffff")) - 4.478).abs() < 0.001);
    let (grey, same) = (colour("oklch(59.99% 0 0)", "light"), hex("#808080"));
    assert!((grey.expect("it is a colour")[1] - same[1]).abs() < 0.002, "{grey:?} {same:?}");
}

#[test]
fn layout_can_be_mirrored() {
    let sides = ["left", "right", "top", "bottom"];
    let mut faults = Vec::new();
    for (path, text) in theme_files() {
        if !path.ends_with(".css") {
            continue;
        }
        for (number, line) in text.lines().enumerate() {
            for declaration in line.split(['{', ';', '}']) {
                let Some((name, value)) = declaration.split_once(':') else { continue };
                let name = name.trim();
                let is_query = line.trim_start().starts_with("@media") && declaration.contains("-width");
                let physical = sides.contains(&name)
                    || sides.iter().any(|side| {
                        ["margin-", "padding-", "border-", "scroll-margin-", "scroll-padding-"].iter().any(|start| {
                            name.strip_prefix(start).is_some_and(|rest| rest.split('-').next() == Some(side))
                        })
                    })
                    || ["width", "height", "min-width", "max-width", "min-height", "max-height"].contains(&name)
                        && !is_query
                    || (["text-align", "float", "clear"].contains(&name) && sides.contains(&value.trim()));
                if physical {
                    faults.push(format!("{path}:{}: {}", number + 1, declaration.trim()));
                }
            }
        }
    }
    assert!(faults.is_empty(), "these do not follow the direction of the text:\n{}", faults.join("\n"));
}

#[test]
fn a_component_is_a_folder_with_files_of_its_name() {
    let mut seen = 0;
    for (path, _) in theme_files() {
        let Some((name, file)) = path.strip_prefix("components/").and_then(|path| path.split_once('/')) else {
            continue;
        };
        seen += 1;
        let known = ["html", "css", "js"].iter().any(|ending| file == format!("{name}.{ending}"));
        assert!(known || file == format!("{name}.test.md"), "components/{name}/{file} is loaded by nothing");
    }
    assert!(seen > 10, "the theme has {seen} files of components");
}

fn theme_files() -> BTreeMap<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("themes/waymark");
    let files = files_below(&folder).into_iter();
    files.map(|(path, bytes)| (path, String::from_utf8_lossy(&bytes).into_owned())).collect()
}

fn style(path: &str) -> String {
    theme_files().remove(path).expect("the theme has this sheet")
}
