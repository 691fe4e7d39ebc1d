//! Languages by their BCP 47 tags: which there are, and what somebody meant who wrote a name.

use crate::base::{SourcePath, Spanned};
use crate::diag::{Code, Diagnostic, nearest};

/// The two-letter codes of ISO 639, which tags of most languages begin with.
const CODES: &str = "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv \
    dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu \
    ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne \
    ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv \
    sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu";

/// What languages are called, for those who write a name in place of a tag.
const NAMES: [(&str, &str); 36] = [
    ("arabic", "ar"),
    ("bulgarian", "bg"),
    ("catalan", "ca"),
    ("chinese", "zh"),
    ("croatian", "hr"),
    ("czech", "cs"),
    ("danish", "da"),
    ("deutsch", "de"),
    ("dutch", "nl"),
    ("english", "en"),
    ("español", "es"),
    ("finnish", "fi"),
    ("français", "fr"),
    ("french", "fr"),
    ("german", "de"),
    ("greek", "el"),
    ("hebrew", "he"),
    ("hindi", "hi"),
    ("hungarian", "hu"),
    ("indonesian", "id"),
    ("italian", "it"),
    ("italiano", "it"),
    ("japanese", "ja"),
    ("korean", "ko"),
    ("norwegian", "no"),
    ("persian", "fa"),
    ("polish", "pl"),
    ("portuguese", "pt"),
    ("português", "pt"),
    ("romanian", "ro"),
    ("russian", "ru"),
    ("spanish", "es"),
    ("swedish", "sv"),
    ("turkish", "tr"),
    ("ukrainian", "uk"),
    ("vietnamese", "vi"),
];

/// The primary tag of a language in lower case: `en` of `en-GB`, `und` where there is none.
#[must_use]
pub fn primary(tag: &str) -> String {
    let first = tag.split(['-', '_']).next().unwrap_or_default();
    let first: String = first.chars().filter(char::is_ascii_alphanumeric).collect();
    if first.is_empty() { "und".to_owned() } else { first.to_ascii_lowercase() }
}

/// Whether a text is the tag of a language: a code of two letters from ISO 639, or of three, and further parts of one to
/// eight letters and digits.
#[must_use]
pub fn is_tag(text: &str) -> bool {
    let mut parts = text.split('-');
    let first = parts.next().unwrap_or_default().to_ascii_lowercase();
    let is_code = first.bytes().all(|byte| byte.is_ascii_lowercase())
        && (first.len() == 3 || CODES.split_ascii_whitespace().any(|code| code == first));
    is_code && parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// Says that a text is no tag, and which one was meant.
pub(super) fn no_tag(path: &SourcePath, text: &Spanned<String>) -> Diagnostic {
    let message = format!("`{}` is not the tag of a language", text.value);
    let lower = text.value.to_lowercase().replace('_', "-");
    let named = nearest(&lower, NAMES.iter().map(|(name, _)| *name));
    let meant = NAMES.iter().find(|(name, _)| Some(*name) == named).map(|(_, tag)| (*tag).to_owned());
    let meant = meant.or_else(|| is_tag(&lower).then(|| text.value.replace('_', "-")));
    let help = match meant {
        Some(tag) => format!("did you mean `{tag}`?"),
        None => {
            "a tag begins with the two or three letters that ISO 639 gives the language: `en`, `de`, `pt-BR`".to_owned()
        }
    };
    Diagnostic::at(Code::ValueChoice, path, text.span, message).help(help)
}

/// Says that a page is in a language that the site does not have.
#[must_use]
pub fn not_of_site(path: &SourcePath, text: &Spanned<String>, languages: &[&str]) -> Diagnostic {
    let message = format!("`{}` is not a language of this site", text.value);
    let help = if is_tag(&text.value) {
        format!("add it to `site.toml`: `languages = [\"{}\"]`", text.value)
    } else {
        match nearest(&text.value, languages.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => return no_tag(path, text),
        }
    };
    Diagnostic::at(Code::ValueChoice, path, text.span, message).help(help)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_known_by_their_first_part() {
        for tag in ["en", "de", "pt-BR", "zh-Hant-TW", "ckb", "DE", "ca-valencia"] {
            assert!(is_tag(tag), "{tag}");
        }
        for text in ["", "d", "xx", "german", "en_GB", "en-", "1a", "de-toolongapart"] {
            assert!(!is_tag(text), "{text}");
        }
        assert_eq!(primary("pt-BR"), "pt");
        assert_eq!(primary("-"), "und");
    }
}
