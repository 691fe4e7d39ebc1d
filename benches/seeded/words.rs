//! Prose that looks like prose to a parser, a tokeniser and an index: common English words among rarer invented ones.

use super::random::Random;

/// Common words, the most frequent first.
const COMMON: [&str; 247] = [
    "the",
    "a",
    "to",
    "of",
    "and",
    "in",
    "is",
    "for",
    "it",
    "that",
    "with",
    "you",
    "on",
    "are",
    "as",
    "at",
    "your",
    "or",
    "be",
    "by",
    "not",
    "this",
    "from",
    "an",
    "have",
    "most",
    "work",
    "one",
    "can",
    "more",
    "they",
    "who",
    "will",
    "but",
    "what",
    "which",
    "their",
    "has",
    "than",
    "if",
    "do",
    "first",
    "when",
    "pay",
    "year",
    "people",
    "many",
    "some",
    "other",
    "each",
    "time",
    "how",
    "there",
    "no",
    "out",
    "all",
    "about",
    "two",
    "so",
    "up",
    "before",
    "after",
    "only",
    "own",
    "may",
    "even",
    "good",
    "into",
    "few",
    "where",
    "new",
    "make",
    "because",
    "studio",
    "often",
    "hours",
    "takes",
    "client",
    "while",
    "need",
    "same",
    "rate",
    "between",
    "small",
    "learn",
    "any",
    "month",
    "less",
    "well",
    "never",
    "job",
    "get",
    "long",
    "every",
    "much",
    "both",
    "under",
    "song",
    "skill",
    "them",
    "money",
    "over",
    "through",
    "those",
    "team",
    "usually",
    "without",
    "project",
    "room",
    "mix",
    "fee",
    "still",
    "part",
    "ask",
    "sound",
    "start",
    "record",
    "three",
    "such",
    "days",
    "track",
    "around",
    "half",
    "keep",
    "early",
    "session",
    "plan",
    "term",
    "since",
    "help",
    "market",
    "its",
    "write",
    "later",
    "find",
    "show",
    "path",
    "school",
    "course",
    "read",
    "should",
    "budget",
    "week",
    "value",
    "given",
    "once",
    "place",
    "number",
    "release",
    "against",
    "home",
    "open",
    "set",
    "later",
    "kind",
    "tools",
    "until",
    "order",
    "offer",
    "clear",
    "short",
    "share",
    "taken",
    "artist",
    "label",
    "contract",
    "paid",
    "editor",
    "then",
    "business",
    "degree",
    "level",
    "next",
    "known",
    "here",
    "result",
    "large",
    "must",
    "away",
    "case",
    "risk",
    "listen",
    "split",
    "others",
    "owner",
    "public",
    "final",
    "fast",
    "slow",
    "music",
    "always",
    "sell",
    "point",
    "choose",
    "change",
    "build",
    "almost",
    "common",
    "rather",
    "simple",
    "careful",
    "practice",
    "question",
    "answer",
    "credit",
    "partner",
    "income",
    "steady",
    "certain",
    "different",
    "possible",
    "together",
    "enough",
    "several",
    "library",
    "growth",
    "quality",
    "support",
    "service",
    "reason",
    "example",
    "experience",
    "evidence",
    "network",
    "research",
    "schedule",
    "software",
    "standard",
    "position",
    "training",
    "decision",
    "interview",
    "portfolio",
    "reference",
    "agreement",
    "negotiate",
    "equipment",
    "freelance",
    "permanent",
    "production",
    "performance",
    "opportunity",
    "independent",
    "café",
    "naïve",
    "Zürich",
    "rôle",
];
const CONSONANTS: [char; 16] = ['b', 'd', 'f', 'g', 'h', 'k', 'l', 'm', 'n', 'p', 'r', 's', 't', 'v', 'w', 'z'];
const VOWELS: [char; 5] = ['a', 'e', 'i', 'o', 'u'];
const ENDINGS: [&str; 8] = ["", "n", "r", "st", "ing", "al", "ment", "s"];
const SYLLABLES: usize = CONSONANTS.len() * VOWELS.len();
const INVENTED: usize = SYLLABLES * SYLLABLES * SYLLABLES;

/// Writes an invented word; two numbers below `INVENTED` never give the same one.
pub(crate) fn push_invented(number: usize, into: &mut String) {
    // A step that shares no factor with the count visits every word once, far from its neighbour.
    let scattered = (number + 4_321).wrapping_mul(317_711) % INVENTED;
    for part in [scattered % SYLLABLES, scattered / SYLLABLES % SYLLABLES, scattered / SYLLABLES / SYLLABLES] {
        into.push(CONSONANTS[part % CONSONANTS.len()]);
        into.push(VOWELS[part / CONSONANTS.len()]);
    }
    into.push_str(ENDINGS[number % ENDINGS.len()]);
}

/// Writes one word of prose: three in five common, the rest from about eight thousand invented ones.
pub(crate) fn push_word(random: &mut Random, into: &mut String) {
    if random.chance(60) {
        into.push_str(COMMON[random.rank(8) % COMMON.len()]);
    } else {
        push_invented(random.rank(13), into);
    }
}

/// Writes `count` words with blanks between, the first with a capital.
pub(crate) fn push_phrase(random: &mut Random, count: usize, into: &mut String) {
    let start = into.len();
    for position in 0..count {
        if position > 0 {
            into.push(' ');
        }
        push_word(random, into);
    }
    capitalise(into, start);
}

/// Writes `count` words as the run of a sentence: commas, a little emphasis and code, no capital and no full stop.
pub(crate) fn push_run(random: &mut Random, count: usize, into: &mut String) {
    for position in 0..count {
        if position > 0 {
            into.push_str(if position % 7 == 6 && random.chance(40) { ", " } else { " " });
        }
        match random.below(100) {
            0 => push_marked(random, "**", into),
            1 => push_marked(random, "*", into),
            2 => push_marked(random, "`", into),
            3 if position > 0 => into.push_str("don't"),
            _ => push_word(random, into),
        }
    }
}

/// Writes a sentence of `count` words without any markup, for front matter.
pub(crate) fn push_plain_sentence(random: &mut Random, count: usize, into: &mut String) {
    push_phrase(random, count, into);
    into.push('.');
}

/// Makes the letter at `start` a capital where it is an ASCII one.
pub(crate) fn capitalise(text: &mut str, start: usize) {
    if let Some(first) = text.get_mut(start..start + 1) {
        first.make_ascii_uppercase();
    }
}

fn push_marked(random: &mut Random, mark: &str, into: &mut String) {
    into.push_str(mark);
    push_word(random, into);
    into.push_str(mark);
}
