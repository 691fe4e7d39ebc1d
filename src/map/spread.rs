//! Places in one column: each as near as can be to where it wants to be, in order and without touching.

/// What stands in a column and where it would like to stand.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wish {
    /// The middle it asks for.
    pub(super) middle: f64,
    /// How much it asks.
    pub(super) weight: f64,
    /// Half of what it takes, and of what it keeps free around it.
    pub(super) half: i32,
}

/// The middles of all, in the order given: the sum of weighted squares of how far each is from its wish is least among
/// all places where none comes nearer to the one before than both halves. With the distances taken off this is isotonic
/// regression, solved exactly by pooling neighbours that are in each other's way (Ayer and others 1955; for boxes in a
/// drawing Dwyer, Marriott and Stuckey, "Fast node overlap removal", 2005).
pub(super) fn spread(wishes: &[Wish]) -> Vec<f64> {
    struct Block {
        middle: f64,
        weight: f64,
        count: usize,
    }
    let mut blocks: Vec<Block> = Vec::new();
    let mut offset = 0;
    for (at, wish) in wishes.iter().enumerate() {
        offset += distance(wishes, at);
        let mut block = Block { middle: wish.middle - f64::from(offset), weight: wish.weight, count: 1 };
        while let Some(before) = blocks.last()
            && before.middle > block.middle
        {
            let weight = before.weight + block.weight;
            let middle = (before.middle * before.weight + block.middle * block.weight) / weight;
            block = Block { middle, weight, count: before.count + block.count };
            blocks.pop();
        }
        blocks.push(block);
    }
    let mut middles = Vec::with_capacity(wishes.len());
    let mut offset = 0;
    for block in blocks {
        for _ in 0..block.count {
            offset += distance(wishes, middles.len());
            middles.push(block.middle + f64::from(offset));
        }
    }
    middles
}

/// The same in whole units, still without touching.
pub(super) fn settled(wishes: &[Wish], middles: &[f64]) -> Vec<i32> {
    let mut settled: Vec<i32> = Vec::with_capacity(middles.len());
    for (at, middle) in middles.iter().enumerate() {
        let least = settled.last().map_or(i32::MIN, |before| before + distance(wishes, at));
        // Drawings are a few thousand units large.
        settled.push((middle.round() as i32).max(least));
    }
    settled
}

/// How far one must be from the one before.
fn distance(wishes: &[Wish], at: usize) -> i32 {
    if at == 0 { 0 } else { wishes[at - 1].half + wishes[at].half }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn wish(middle: f64) -> Wish {
        Wish { middle, weight: 1.0, half: 5 }
    }

    #[test]
    fn wishes_that_can_be_met_are_met() {
        assert_eq!(spread(&[wish(0.0), wish(10.0), wish(40.0)]), [0.0, 10.0, 40.0]);
    }

    #[test]
    fn those_in_each_others_way_share_the_trouble() {
        assert_eq!(spread(&[wish(0.0), wish(0.0)]), [-5.0, 5.0]);
        let heavy = Wish { weight: 3.0, ..wish(0.0) };
        assert_eq!(spread(&[heavy, wish(0.0)]), [-2.5, 7.5]);
        assert_eq!(spread(&[wish(30.0), wish(0.0), wish(100.0)]), [10.0, 20.0, 100.0]);
    }

    proptest! {
        #[test]
        fn nothing_touches_and_no_move_of_a_block_is_better(
            list in prop::collection::vec((-500.0f64..500.0, 0.1f64..9.0, 1i32..40), 1..40),
        ) {
            let wishes: Vec<Wish> =
                list.iter().map(|(middle, weight, half)| Wish { middle: *middle, weight: *weight, half: *half }).collect();
            let middles = spread(&wishes);
            for at in 1..wishes.len() {
                prop_assert!(middles[at] - middles[at - 1] >= f64::from(wishes[at - 1].half + wishes[at].half) - 1e-6);
            }
            let whole = settled(&wishes, &middles);
            for at in 1..wishes.len() {
                prop_assert!(whole[at] - whole[at - 1] >= wishes[at - 1].half + wishes[at].half);
            }
            // All moved together cannot be better: the pulls cancel out.
            let pull: f64 = wishes.iter().zip(&middles).map(|(wish, middle)| wish.weight * (wish.middle - middle)).sum();
            prop_assert!(pull.abs() < 1e-6, "{pull}");
        }
    }
}
