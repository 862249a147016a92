//! The files of the package: names, texts, and which files in a folder are generated.

use serde_json::Map;
use serde_json::Value as Json;

use crate::contract::Error;
use crate::package::ActionCard;
use crate::package::PackageIdentity;
use crate::package::automation_360::groups;
use crate::package::automation_360::icons;
use crate::package::automation_360::java;
use crate::package::json_file;
use crate::package::manifest::ARTIFACT_NAME;
use crate::package::manifest::Texts;
use crate::package::manifest::Writer;

/// A package for Automation 360: its names, and the actions that it offers
pub struct Automation360 {
    identity: PackageIdentity,
    actions: Vec<&'static ActionCard>,
}

/// A generated file: its path below the folder, with `/` between the parts, and its text
#[derive(Debug)]
#[non_exhaustive]
pub struct GeneratedFile {
    /// The path: `java/azdobot/commands/ConnectCommand.java`
    pub path: String,
    /// The text
    pub text: String,
}

impl Automation360 {
    /// Returns the package with these names and groups of actions; without groups, with those that a flow for
    /// repositories, pipelines and pipeline runs needs
    ///
    /// `all` stands for every group. The group of Connect is always included.
    ///
    /// Errors: `input.invalid`, for a name that cannot be used or an unknown group.
    pub fn new(identity: PackageIdentity, groups: &[String]) -> Result<Self, Error> {
        identity.check()?;
        Ok(Automation360 { identity, actions: groups::actions_of(groups)? })
    }

    /// Returns the generated files, the same ones in the same order each time
    pub fn files(&self) -> Vec<GeneratedFile> {
        let (package, texts) = Writer::for_vendor(&self.identity).package(self.actions.iter().copied());
        let mut files = vec![
            file("package.json", json_file(&package)),
            file("locales/en_US.json", locale(texts)),
            file("build.properties", self.build_properties()),
        ];
        files.extend(
            icons::of(&self.actions).map(|(name, svg)| file(&format!("icons/{name}"), svg.to_owned())),
        );
        files.extend(self.actions.iter().map(|card| {
            let (path, text) = java::class(&self.identity, card);
            file(&format!("java/{path}"), text)
        }));
        files
    }

    fn build_properties(&self) -> String {
        let PackageIdentity { name, label, group } = &self.identity;
        let (label, version) = (java::properties_value(label), env!("CARGO_PKG_VERSION"));
        format!("# {}\nname={name}\nlabel={label}\ngroup={group}\nversion={version}\n", java::GENERATED)
    }
}

/// Returns whether a file can be one that this command wrote earlier, by its path and its text
pub fn is_generated(path: &str, text: &str) -> bool {
    match path {
        "package.json" => text.contains(&format!("\"artifactName\": \"{ARTIFACT_NAME}\"")),
        "locales/en_US.json" => text.starts_with("{\n  \"package.label\": "),
        "build.properties" => text.starts_with(&format!("# {}", java::GENERATED)),
        _ if path.starts_with("java/") => text.starts_with(&format!("// {}", java::GENERATED)),
        _ => path.strip_prefix("icons/").is_some_and(|name| icons::ALL.iter().any(|(icon, _)| *icon == name)),
    }
}

fn file(path: &str, text: String) -> GeneratedFile {
    GeneratedFile { path: path.to_owned(), text }
}

fn locale(texts: Texts) -> String {
    let texts: Map<String, Json> = match texts {
        Texts::Literal => Map::new(),
        Texts::Keyed(texts) => texts.into_iter().map(|(key, text)| (key, text.into())).collect(),
    };
    json_file(&texts.into())
}
