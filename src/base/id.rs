//! Small integer ids: places in the sorted tables of one build.

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident: $integer:ty;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub $integer);

        impl $name {
            /// The place in its table.
            #[must_use]
            pub fn index(self) -> usize {
                self.0 as usize
            }

            /// The id of a place in a table.
            ///
            /// # Panics
            /// When the table has more entries than the id can count: limits on input keep that out of reach.
            #[must_use]
            pub fn from_index(index: usize) -> Self {
                Self(<$integer>::try_from(index).expect("tables stay within the range of their ids"))
            }
        }
    )*};
}

ids! {
    /// A page: its place in `Site::pages`, which is sorted by source path.
    PageId: u32;
    /// A fact: its place in `Site::facts`, which is sorted by id.
    FactId: u32;
    /// A kind: its place in `Config::kinds`.
    KindId: u16;
    /// A relation: its place in `Config::relations`.
    RelationId: u16;
}
