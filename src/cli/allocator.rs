//! Who hands out memory: small pieces come from mimalloc, larger ones from the system.

use std::alloc::{GlobalAlloc, Layout, System};

use mimalloc::MiMalloc;

/// A build asks for thirty million pieces of memory on ten thousand pages, nearly all of them small and soon given back:
/// mimalloc hands those out in half the time. It rounds larger pieces up by a tenth, which the texts of all pages, kept from
/// first to last, would add up to 20 MiB; the system's allocator packs those tightly.
#[derive(Debug)]
pub struct BySize;

/// Pieces of so many bytes and more are the system's.
const LARGE_BYTES: usize = 1024;

/// Whose a piece of this size is: always the same, so whoever hands it out also takes it back.
fn is_small(bytes: usize) -> bool {
    bytes < LARGE_BYTES
}

// SAFETY: both allocators keep the contract of `GlobalAlloc`. A piece goes back to the one that it came from, as its layout
// says its size; where it changes hands it is copied into a new one first.
#[expect(unsafe_code, reason = "an allocator hands out raw memory")]
unsafe impl GlobalAlloc for BySize {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promises are passed on.
        unsafe { if is_small(layout.size()) { MiMalloc.alloc(layout) } else { System.alloc(layout) } }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as above.
        unsafe { if is_small(layout.size()) { MiMalloc.alloc_zeroed(layout) } else { System.alloc_zeroed(layout) } }
    }

    unsafe fn dealloc(&self, piece: *mut u8, layout: Layout) {
        // SAFETY: as above; the layout is the one it was handed out with.
        unsafe { if is_small(layout.size()) { MiMalloc.dealloc(piece, layout) } else { System.dealloc(piece, layout) } }
    }

    unsafe fn realloc(&self, piece: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        match (is_small(layout.size()), is_small(size)) {
            // SAFETY: as above; it stays with the one it came from.
            (true, true) => unsafe { MiMalloc.realloc(piece, layout, size) },
            // SAFETY: the same.
            (false, false) => unsafe { System.realloc(piece, layout, size) },
            // SAFETY: the new size is not zero and no larger than a layout may be, as the caller promises; both pieces hold
            // what is copied, and they are two.
            _ => unsafe {
                let moved = self.alloc(Layout::from_size_align_unchecked(size, layout.align()));
                if !moved.is_null() {
                    std::ptr::copy_nonoverlapping(piece, moved, layout.size().min(size));
                    self.dealloc(piece, layout);
                }
                moved
            },
        }
    }
}

#[cfg(test)]
mod tests {
    /// Runs with the allocator of the tests, which is the system's, so this asks ours by hand.
    #[test]
    #[expect(unsafe_code, reason = "it is asked as the language asks it")]
    fn a_piece_keeps_its_bytes_whoever_has_it() {
        use super::*;
        let sizes = [1, 1000, LARGE_BYTES - 1, LARGE_BYTES, 5000, LARGE_BYTES, 700, 100_000, 8];
        for align in [1, 16, 64, 4096] {
            // SAFETY: sizes are not zero, alignments are powers of two, and each layout is the one of the piece.
            unsafe {
                let mut layout = Layout::from_size_align_unchecked(sizes[0], align);
                let mut piece = BySize.alloc_zeroed(layout);
                assert_eq!(*piece, 0);
                *piece = 7;
                for size in sizes {
                    piece = BySize.realloc(piece, layout, size);
                    layout = Layout::from_size_align_unchecked(size, align);
                    assert_eq!((*piece, piece as usize % align), (7, 0));
                    piece.add(size - 1).write(9);
                    *piece = 7;
                }
                BySize.dealloc(piece, layout);
            }
        }
    }
}
