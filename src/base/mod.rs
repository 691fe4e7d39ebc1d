//! The vocabulary every room shares: paths, ids, spans, fingerprints, slugs and dates.

pub mod date;
pub mod fingerprint;
pub mod id;
pub mod path;
pub mod slug;
pub mod span;

pub use date::{Date, PartialDate};
pub use fingerprint::{Fingerprint, Gathered, fingerprint_of};
pub use id::{FactId, KindId, PageId, RelationId};
pub use path::{SourcePath, UrlPath};
pub use slug::slug;
pub use span::{Span, Spanned};
