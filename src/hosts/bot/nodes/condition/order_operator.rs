//! The operators of comparisons, as designers write them and as older files do.

use std::cmp::Ordering;

/// How two values are compared
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OrderOperator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// The usual names of the operators of an order
pub(super) const ORDER_OPERATORS: &[&str] = &["EQ", "NEQ", "LT", "LTE", "GT", "GTE"];

impl OrderOperator {
    /// Returns the operator with this name
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "EQ" => OrderOperator::Equal,
            "NEQ" | "NE" => OrderOperator::NotEqual,
            "LT" => OrderOperator::Less,
            "LTE" | "LE" => OrderOperator::LessOrEqual,
            "GT" => OrderOperator::Greater,
            "GTE" | "GE" => OrderOperator::GreaterOrEqual,
            _ => return None,
        })
    }

    /// Returns whether the operator compares for equality only, and if so, whether for being equal
    pub(super) fn equality(self) -> Option<bool> {
        match self {
            OrderOperator::Equal => Some(true),
            OrderOperator::NotEqual => Some(false),
            _ => None,
        }
    }

    /// Returns whether the operator accepts values in this order
    pub(super) fn accepts(self, order: Ordering) -> bool {
        match self {
            OrderOperator::Equal => order.is_eq(),
            OrderOperator::NotEqual => order.is_ne(),
            OrderOperator::Less => order.is_lt(),
            OrderOperator::LessOrEqual => order.is_le(),
            OrderOperator::Greater => order.is_gt(),
            OrderOperator::GreaterOrEqual => order.is_ge(),
        }
    }
}
