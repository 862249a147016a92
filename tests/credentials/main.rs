//! Where tokens come from, seen from outside: who may name what, what is read, what is refused.

mod binding;
mod canary;
mod files;
mod naming;
mod shapes;
mod support;
