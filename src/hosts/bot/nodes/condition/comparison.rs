//! The operators of comparisons, as designers write them and as older files do.

use std::cmp::Ordering;

/// How two values are compared
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// The operators of an order, as messages name them
pub(super) const ORDER_OPERATORS: &str = "EQ, NEQ, LT, LTE, GT and GTE";

impl Comparison {
    /// Returns the operator with this name
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "EQ" => Comparison::Equal,
            "NEQ" | "NE" => Comparison::NotEqual,
            "LT" => Comparison::Less,
            "LTE" | "LE" => Comparison::LessOrEqual,
            "GT" => Comparison::Greater,
            "GTE" | "GE" => Comparison::GreaterOrEqual,
            _ => return None,
        })
    }

    /// Returns whether the operator compares for equality only, and if so, whether for being equal
    pub(super) fn equality(self) -> Option<bool> {
        match self {
            Comparison::Equal => Some(true),
            Comparison::NotEqual => Some(false),
            _ => None,
        }
    }

    /// Returns whether the operator accepts values in this order
    pub(super) fn accepts(self, order: Ordering) -> bool {
        match self {
            Comparison::Equal => order.is_eq(),
            Comparison::NotEqual => order.is_ne(),
            Comparison::Less => order.is_lt(),
            Comparison::LessOrEqual => order.is_le(),
            Comparison::Greater => order.is_gt(),
            Comparison::GreaterOrEqual => order.is_ge(),
        }
    }
}
