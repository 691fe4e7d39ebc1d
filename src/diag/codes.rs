//! The codes of every diagnostic: stable names, usual severity, and the page that explains each.

use super::Severity;

macro_rules! codes {
    ($($variant:ident $name:literal $severity:ident $rank:ident;)*) => {
        /// A kind of fault. Codes are stable: scripts and `site.toml` name them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = concat!("`", $name, "`; `fingerpost explain ", $name, "` tells the rest.")] $variant,)*
        }

        impl Code {
            /// Every code, in the order of the table.
            pub const ALL: &[Code] = &[$(Code::$variant),*];

            /// The name people and scripts use.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Code::$variant => $name,)* }
            }

            /// How grave it is unless `site.toml` says otherwise; `None` when it is off unless asked for.
            #[must_use]
            pub fn default_level(self) -> Level {
                match self { $(Code::$variant => Level::$severity,)* }
            }

            /// Whether `[lints]` in `site.toml` may change its level. Faults that leave a page without meaning may not.
            #[must_use]
            pub fn is_lint(self) -> bool {
                match self { $(Code::$variant => Rank::$rank as u8 == Rank::Lint as u8,)* }
            }

            /// The page that explains it, in Markdown: first line the code, then what it means, then a small site that
            /// produces it, then what to do.
            #[must_use]
            pub fn explanation(self) -> &'static str {
                match self { $(Code::$variant => include_str!(concat!("codes/", $name, ".md")),)* }
            }
        }
    };
}

/// Whether a code can be set in `[lints]`.
enum Rank {
    /// Always an error.
    Fault,
    /// Set by the site.
    Lint,
}

/// What a site does about a lint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Level {
    /// Says nothing.
    Allow,
    /// Reports a warning.
    Warn,
    /// Reports an error.
    Deny,
}

codes! {
    FileUnreadable "file-unreadable" Deny Fault;
    FileEncoding "file-encoding" Deny Fault;
    FileTooLarge "file-too-large" Deny Fault;
    FileOutside "file-outside" Deny Fault;
    FileLink "file-link" Warn Lint;
    TomlSyntax "toml-syntax" Deny Fault;
    YamlSyntax "yaml-syntax" Deny Fault;
    FrontMatterMissing "front-matter-missing" Deny Fault;
    FrontMatterUnclosed "front-matter-unclosed" Deny Fault;
    KeyUnknown "key-unknown" Deny Fault;
    KeyMissing "key-missing" Deny Fault;
    KeyDuplicate "key-duplicate" Deny Fault;
    ValueType "value-type" Deny Fault;
    ValueChoice "value-choice" Deny Fault;
    ConfigReference "config-reference" Deny Fault;
    KindUnknown "kind-unknown" Deny Fault;
    IdDuplicate "id-duplicate" Deny Fault;
    OutputCollision "output-collision" Deny Fault;
    DescriptionMissing "description-missing" Warn Lint;
    DescriptionLength "description-length" Allow Lint;
    ReviewDue "review-due" Warn Lint;
    FieldMissing "field-missing" Warn Lint;
    FigureUncited "figure-uncited" Allow Lint;
    LinkBroken "link-broken" Deny Fault;
    LinkAmbiguous "link-ambiguous" Deny Fault;
    LinkUnsafe "link-unsafe" Deny Fault;
    LinkCut "link-cut" Warn Lint;
    LinkInText "link-in-text" Warn Lint;
    AnchorBroken "anchor-broken" Deny Fault;
    AnchorDuplicate "anchor-duplicate" Deny Fault;
    AssetMissing "asset-missing" Deny Fault;
    AssetSyntax "asset-syntax" Warn Lint;
    ImageAltMissing "image-alt-missing" Warn Lint;
    HeadingTitle "heading-title" Warn Lint;
    HtmlRefused "html-refused" Deny Fault;
    HtmlInlineCode "html-inline-code" Deny Lint;
    TableCells "table-cells" Warn Lint;
    MathSyntax "math-syntax" Deny Lint;
    CodeNotHighlighted "code-not-highlighted" Warn Lint;
    EmbedCycle "embed-cycle" Deny Fault;
    EmbedDepth "embed-depth" Deny Fault;
    EmbedInline "embed-inline" Deny Fault;
    RelationRange "relation-range" Deny Lint;
    RelationCycle "relation-cycle" Deny Lint;
    RelationSelf "relation-self" Deny Lint;
    RelationOneSided "relation-one-sided" Warn Lint;
    RelationMissing "relation-missing" Warn Lint;
    RelationUnused "relation-unused" Warn Lint;
    PageOrphan "page-orphan" Warn Lint;
    PageDeadEnd "page-dead-end" Allow Lint;
    VocabularyUnused "vocabulary-unused" Allow Lint;
    FactUnknown "fact-unknown" Deny Fault;
    FactPart "fact-part" Deny Fault;
    FactUnit "fact-unit" Deny Fault;
    FactUnsourced "fact-unsourced" Deny Lint;
    FactStale "fact-stale" Warn Lint;
    FactUnused "fact-unused" Allow Lint;
    CalcName "calc-name" Deny Fault;
    CalcFormula "calc-formula" Deny Fault;
    CalcUnit "calc-unit" Deny Fault;
    CalcType "calc-type" Deny Fault;
    CalcAxis "calc-axis" Deny Fault;
    CalcCircle "calc-circle" Deny Fault;
    CalcRange "calc-range" Deny Fault;
    CalcTable "calc-table" Deny Fault;
    CalcChart "calc-chart" Deny Fault;
    CalcCost "calc-cost" Deny Fault;
    CalcInfinite "calc-infinite" Deny Fault;
    CalcExample "calc-example" Deny Fault;
    CalcUnsourced "calc-unsourced" Deny Lint;
    CalcLiteral "calc-literal" Warn Lint;
    CalcSolve "calc-solve" Warn Lint;
    CalcNoise "calc-noise" Warn Lint;
    CalcNext "calc-next" Warn Lint;
    CalcUnknown "calc-unknown" Deny Fault;
    ThemeMissing "theme-missing" Deny Fault;
    TemplateMissing "template-missing" Deny Fault;
    TemplateSyntax "template-syntax" Deny Fault;
    TemplateRender "template-render" Deny Fault;
}

impl Code {
    /// The code of a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.name() == name)
    }

    /// Severity before the site's settings are known. A code that is off by default counts as a warning here;
    /// `Config::settle` takes it out.
    #[must_use]
    pub fn severity(self) -> Severity {
        match self.default_level() {
            Level::Deny => Severity::Error,
            Level::Warn | Level::Allow => Severity::Warning,
        }
    }
}
