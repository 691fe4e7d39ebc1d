//! How hard a text is to read, by its sentences and words.

use pulldown_cmark::{Event, LinkType, Parser, Tag, TagEnd};

use super::markdown::EXTENSIONS;

/// What the grade of a text is worked out from. Only running text counts: paragraphs and items of lists, not tables,
/// headings, code, formulas or pictures.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reading {
    /// Words with a letter in them.
    pub words: u32,
    /// Sentences; what ends a block ends a sentence.
    pub sentences: u32,
    /// Syllables, counted as groups of vowels.
    pub syllables: u32,
}

impl Reading {
    /// Counts a Markdown text. A fact without words of its own counts as one word.
    #[must_use]
    pub fn of(markdown: &str) -> Self {
        let mut reading = Self::default();
        let mut block = String::new();
        // How many tables, headings, blocks of code and pictures the text stands in, and whether in the name of a fact.
        let (mut aside, mut in_name) = (0usize, false);
        for event in Parser::new_ext(markdown, EXTENSIONS) {
            match event {
                Event::Start(Tag::Table(_) | Tag::Heading { .. } | Tag::CodeBlock(_) | Tag::Image { .. }) => aside += 1,
                Event::End(TagEnd::Table | TagEnd::Heading(_) | TagEnd::CodeBlock | TagEnd::Image) => {
                    aside = aside.saturating_sub(1);
                }
                Event::Start(Tag::Link { link_type: LinkType::WikiLink { has_pothole: false }, dest_url, .. })
                    if dest_url.starts_with("fact:") || dest_url.starts_with("calc:") =>
                {
                    in_name = true;
                    block.push_str("so");
                }
                Event::End(TagEnd::Link) => in_name = false,
                Event::Text(text) | Event::Code(text) if aside == 0 && !in_name => block.push_str(&text),
                Event::SoftBreak | Event::HardBreak => block.push(' '),
                Event::Start(tag) if begins_block(&tag) => reading.add(&mut block),
                Event::End(TagEnd::Paragraph | TagEnd::Item | TagEnd::DefinitionListDefinition) => {
                    reading.add(&mut block);
                }
                _ => {}
            }
        }
        reading.add(&mut block);
        reading
    }

    /// The Flesch–Kincaid grade, the years of school that a text asks for (Kincaid and others, 1975). It was made for
    /// English. `None` for a text without sentences.
    #[must_use]
    pub fn grade(self) -> Option<f64> {
        if self.words == 0 || self.sentences == 0 {
            return None;
        }
        let [words, sentences, syllables] = [self.words, self.sentences, self.syllables].map(f64::from);
        Some(0.39 * words / sentences + 11.8 * syllables / words - 15.59)
    }

    /// Counts the sentences of a block and empties it.
    fn add(&mut self, block: &mut String) {
        let ends = |(at, letter): (usize, char)| {
            matches!(letter, '.' | '!' | '?')
                .then(|| at + letter.len_utf8())
                .filter(|end| block[*end..].chars().next().is_none_or(|next| !next.is_alphanumeric()))
        };
        let mut from = 0;
        let ends: Vec<usize> = block.char_indices().filter_map(ends).chain([block.len()]).collect();
        for end in ends {
            self.add_sentence(&block[from..end]);
            from = end;
        }
        block.clear();
    }

    fn add_sentence(&mut self, sentence: &str) {
        let words = sentence
            .split(|letter: char| !letter.is_alphabetic() && !matches!(letter, '\'' | '’'))
            .filter(|word| word.contains(char::is_alphabetic));
        let before = self.words;
        for word in words {
            self.words += 1;
            self.syllables += syllables(word);
        }
        self.sentences += u32::from(self.words > before);
    }
}

fn begins_block(tag: &Tag<'_>) -> bool {
    matches!(
        tag,
        Tag::Paragraph | Tag::Item | Tag::List(_) | Tag::BlockQuote(_) | Tag::DefinitionListTitle | Tag::DefinitionList
    )
}

fn syllables(word: &str) -> u32 {
    let (mut groups, mut after_vowel) = (0, false);
    for letter in word.chars().flat_map(char::to_lowercase) {
        let vowel = "aeiouyäöüáéíóúàèìòùâêîôûå".contains(letter);
        groups += u32::from(vowel && !after_vowel);
        after_vowel = vowel;
    }
    let silent = word.ends_with('e') && !word.ends_with("le") && groups > 1;
    (groups - u32::from(silent)).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn running_text_counts_and_nothing_else() {
        let text = "## A heading\n\nYou mix. You are paid $3.50, late!\n\n| a | b |\n|---|---|\n| many | words |\n\n\
                    - One thing\n- Another [[mixing|thing]]\n\n```\nlet x = 1;\n```\n\n![A desk](desk.jpg)\n";
        let reading = Reading::of(text);
        assert_eq!((reading.sentences, reading.words), (4, 10), "{reading:?}");
    }

    #[test]
    fn a_fact_is_one_word() {
        let (bare, worded) = (Reading::of("It pays [[fact:us-wage-2025]]."), Reading::of("It pays [[fact:a|so]]."));
        assert_eq!(bare, worded);
        assert_eq!(bare.words, 3);
    }

    #[test]
    fn long_sentences_of_long_words_have_a_high_grade() {
        let plain = Reading::of("The cat sat on the mat. It was a red mat.").grade();
        let stiff = Reading::of(
            "Notwithstanding considerable methodological limitations, contemporary practitioners overwhelmingly \
             demonstrate substantial remunerative heterogeneity.",
        )
        .grade();
        assert!(plain.is_some_and(|grade| grade < 2.0), "{plain:?}");
        assert!(stiff.is_some_and(|grade| grade > 20.0), "{stiff:?}");
        assert_eq!(Reading::of("").grade(), None);
    }
}
