//! The house's own rules: doors between rooms, generated files, what every action obeys.

mod architecture;
mod artefacts;
mod audit;
mod automation_360;
mod catalogue;
mod circles;
mod docs;
mod imports;
mod limits;
mod manual;
mod names;
mod picture;
mod versions;
