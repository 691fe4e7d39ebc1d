//! Stems: one term for the forms of a word, by the Snowball algorithm of the site's language.

use rust_stemmers::{Algorithm, Stemmer};

use super::token::{folded, is_plain_word};

/// The languages that have a stemmer, by their BCP 47 primary tag. The theme's `search/stem-<tag>.js` are the same
/// algorithms for the browser; `tests/scripts/search-stems.test.mjs` holds both to equal stems.
const LANGUAGES: [(&str, Algorithm); 9] = [
    ("de", Algorithm::German),
    ("en", Algorithm::English),
    ("es", Algorithm::Spanish),
    ("fr", Algorithm::French),
    ("it", Algorithm::Italian),
    ("nl", Algorithm::Dutch),
    ("pt", Algorithm::Portuguese),
    ("ru", Algorithm::Russian),
    ("sv", Algorithm::Swedish),
];

/// Stems the words of one language; words of other languages stay as they are.
pub struct Stems {
    stemmer: Option<Stemmer>,
}

impl Stems {
    /// For a language by its primary tag.
    #[must_use]
    pub fn of_language(tag: &str) -> Self {
        let algorithm = LANGUAGES.iter().find(|(known, _)| *known == tag).map(|(_, algorithm)| *algorithm);
        Self { stemmer: algorithm.map(Stemmer::create) }
    }

    /// Whether the language has a stemmer.
    #[must_use]
    pub fn has_stemmer(&self) -> bool {
        self.stemmer.is_some()
    }

    /// The term of a token, and the term of the token without its accents where that is another one.
    #[must_use]
    pub fn terms(&self, token: &str) -> (String, Option<String>) {
        let exact = self.stem(token);
        let plain = folded(token).map(|plain| self.stem(&plain)).filter(|plain| *plain != exact);
        (exact, plain)
    }

    fn stem(&self, word: &str) -> String {
        match &self.stemmer {
            Some(stemmer) if is_plain_word(word) => stemmer.stem(word).into_owned(),
            _ => word.to_owned(),
        }
    }
}
