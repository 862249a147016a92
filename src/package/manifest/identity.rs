//! The names of the package: in bot files, in a designer, and of its Java classes.

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::printable;

/// The package's name in bot files and the manifest
pub const PACKAGE_NAME: &str = "AzureDevOps";

/// The package's name in Automation 360, where the vendor has a package for Azure DevOps too
pub const PACKAGE_NAME_IN_AUTOMATION_360: &str = "AzdoBot";

/// The names that bot files may have for this package
pub const PACKAGE_NAMES: [&str; 2] = [PACKAGE_NAME, PACKAGE_NAME_IN_AUTOMATION_360];

/// The longest name, label or group, in characters
const LONGEST: usize = 100;

/// The words that Java reserves, which cannot be parts of a group
const JAVA_WORDS: &[&str] = &[
    "abstract",
    "assert",
    "boolean",
    "break",
    "byte",
    "case",
    "catch",
    "char",
    "class",
    "const",
    "continue",
    "default",
    "do",
    "double",
    "else",
    "enum",
    "extends",
    "false",
    "final",
    "finally",
    "float",
    "for",
    "goto",
    "if",
    "implements",
    "import",
    "instanceof",
    "int",
    "interface",
    "long",
    "native",
    "new",
    "null",
    "package",
    "private",
    "protected",
    "public",
    "return",
    "short",
    "static",
    "strictfp",
    "super",
    "switch",
    "synchronized",
    "this",
    "throw",
    "throws",
    "transient",
    "true",
    "try",
    "void",
    "volatile",
    "while",
];

/// The names of a package for Automation 360
///
/// The vendor has a package for Azure DevOps too, so the default names differ from its names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackageIdentity {
    /// The name in bot files: `AzdoBot`
    pub name: String,
    /// The label in the designer: `Azure DevOps (azdo-bot)`
    pub label: String,
    /// The Java package of the generated classes, without `.commands`: `azdobot`
    pub group: String,
}

impl Default for PackageIdentity {
    fn default() -> Self {
        PackageIdentity {
            name: PACKAGE_NAME_IN_AUTOMATION_360.to_owned(),
            label: "Azure DevOps (azdo-bot)".to_owned(),
            group: "azdobot".to_owned(),
        }
    }
}

impl PackageIdentity {
    /// Checks the names
    ///
    /// Errors: `input.invalid`, for the first name that the vendor's designer or a Java compiler cannot use.
    pub fn check(&self) -> Result<(), Error> {
        let refuse = |what: &str, value: &str, rule: &str| {
            let message =
                format!("the package {what} \"{}\" is not valid: {rule}", printable(value, LONGEST));
            Err(Error::new(ErrorCode::InputInvalid, message).with("field", what))
        };
        let plain = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric());
        let starts_with_letter = |text: &str| text.starts_with(|c: char| c.is_ascii_alphabetic());
        let is_short = |text: &str| text.len() <= LONGEST;
        if !(is_short(&self.name) && plain(&self.name) && starts_with_letter(&self.name)) {
            return refuse(
                "name",
                &self.name,
                "a name has 1 to 100 letters and digits, and begins with a letter",
            );
        }
        if self.label.trim().is_empty()
            || self.label.chars().count() > LONGEST
            || self.label.chars().any(char::is_control)
            || self.label.starts_with("[[")
        {
            return refuse(
                "label",
                &self.label,
                "a label has 1 to 100 characters in one line, and does not begin with [[",
            );
        }
        let is_part = |part: &str| {
            part.starts_with(|c: char| c.is_ascii_lowercase())
                && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
                && !JAVA_WORDS.contains(&part)
        };
        if !(is_short(&self.group) && self.group.split('.').all(is_part)) {
            return refuse(
                "group",
                &self.group,
                "a group is a Java package in lower case, such as com.example.azure",
            );
        }
        Ok(())
    }
}

/// Returns whether a bot file means this package with this name
pub fn is_package_name(name: &str) -> bool {
    PACKAGE_NAMES.contains(&name)
}
