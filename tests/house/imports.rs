//! Which module imports which, read from the sources: the graph that the test for circles looks at.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use syn::visit::Visit;

use crate::architecture::all;

/// A module's path below its crate, such as `["devops", "http"]`; the crate itself is empty
pub(crate) type ModulePath = Vec<String>;

/// The modules of a package, the names they export from elsewhere, and what each one imports
pub(crate) struct Imports {
    modules: BTreeSet<ModulePath>,
    exports: BTreeMap<ModulePath, BTreeMap<String, Vec<String>>>,
    used: BTreeMap<ModulePath, BTreeSet<Vec<String>>>,
}

impl Imports {
    /// Reads a package's sources, its tests apart
    pub(crate) fn of(source: &str) -> Self {
        let files: Vec<(ModulePath, syn::File)> = all(&[source])
            .into_iter()
            .filter(|(path, _)| !path.ends_with("tests.rs"))
            .map(|(path, text)| {
                let file = syn::parse_file(&text).unwrap_or_else(|error| panic!("{path}: {error}"));
                (module(path.strip_prefix(source).expect("it is below the source")), file)
            })
            .collect();
        let modules = files.iter().map(|(module, _)| module.clone()).collect();
        let mut imports = Imports { modules, exports: BTreeMap::new(), used: BTreeMap::new() };
        for (module, file) in &files {
            let mut reader = Reader {
                at: module,
                imports: &imports,
                exports: BTreeMap::new(),
                used: BTreeSet::new(),
                names: BTreeMap::new(),
            };
            reader.visit_file(file);
            // A path may begin with a name that a later line imports.
            reader.visit_file(file);
            let Reader { exports, used, .. } = reader;
            imports.exports.entry(module.clone()).or_default().extend(exports);
            imports.used.entry(module.clone()).or_default().extend(used);
        }
        imports
    }

    /// Each module with the modules that define what it imports
    pub(crate) fn edges(&self) -> impl Iterator<Item = (&ModulePath, ModulePath)> {
        self.used.iter().flat_map(move |(from, paths)| {
            let targets: BTreeSet<ModulePath> =
                paths.iter().filter_map(|path| self.defining(path, 0)).filter(|to| to != from).collect();
            targets.into_iter().map(move |to| (from, to))
        })
    }

    pub(crate) fn modules(&self) -> &BTreeSet<ModulePath> {
        &self.modules
    }

    /// The module that defines what a path from the crate's root names, through re-exports
    fn defining(&self, path: &[String], depth: usize) -> Option<ModulePath> {
        let length = (0..=path.len()).rev().find(|length| self.modules.contains(&path[..*length]))?;
        let (module, rest) = path.split_at(length);
        // Naming a module alone, as `use crate::cli::table;` does, imports nothing yet.
        let name = rest.first()?;
        let exported = self.exports.get(module).and_then(|exports| exports.get(name));
        match exported {
            Some(path) if depth < 8 => self.defining(path, depth + 1),
            _ => Some(module.to_vec()),
        }
    }

    /// A path as written in a module, from the crate's root; `None` for one of another crate
    fn absolute(&self, at: &[String], path: &[String]) -> Option<Vec<String>> {
        let (first, rest) = path.split_first()?;
        let mut base = at.to_vec();
        match first.as_str() {
            "crate" => base.clear(),
            "self" => {}
            "super" => {
                base.pop();
                if rest.first().is_some_and(|next| next == "super") {
                    return self.absolute(&base, rest);
                }
            }
            child => {
                base.push(child.to_owned());
                self.modules.contains(&base).then_some(())?;
            }
        }
        Some([base, rest.to_vec()].concat())
    }
}

/// `/devops/mod.rs` is the module `devops`, and `/lib.rs` the crate
fn module(path: &str) -> ModulePath {
    let mut parts: Vec<String> =
        path.trim_start_matches('/').trim_end_matches(".rs").split('/').map(str::to_owned).collect();
    if parts.last().is_some_and(|last| last == "mod") || parts == ["lib"] {
        parts.pop();
    }
    parts
}

/// Reads one file
struct Reader<'a> {
    at: &'a [String],
    imports: &'a Imports,
    exports: BTreeMap<String, Vec<String>>,
    used: BTreeSet<Vec<String>>,
    /// The names that `use` brings in, with their paths
    names: BTreeMap<String, Vec<String>>,
}

impl Reader<'_> {
    fn read_use(&mut self, tree: &syn::UseTree, before: &[String], exports: bool) {
        let mut path = before.to_vec();
        let (name, own) = match tree {
            syn::UseTree::Path(next) => {
                path.push(next.ident.to_string());
                return self.read_use(&next.tree, &path, exports);
            }
            syn::UseTree::Group(group) => {
                return group.items.iter().for_each(|tree| self.read_use(tree, before, exports));
            }
            syn::UseTree::Glob(_) => ("*".to_owned(), "*".to_owned()),
            syn::UseTree::Name(name) => (name.ident.to_string(), name.ident.to_string()),
            syn::UseTree::Rename(name) => (name.rename.to_string(), name.ident.to_string()),
        };
        path.push(own);
        let Some(path) = self.imports.absolute(self.at, &path) else { return };
        if exports {
            self.exports.insert(name, path);
        } else {
            self.names.insert(name, path.clone());
            self.used.insert(path);
        }
    }

    fn read_path(&mut self, path: &[String]) {
        let known = path.first().and_then(|first| self.names.get(first));
        let path = match known {
            Some(begin) => Some([begin, &path[1..]].concat()),
            None => self.imports.absolute(self.at, path),
        };
        self.used.extend(path);
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.read_use(&item.tree, &[], !matches!(item.vis, syn::Visibility::Inherited));
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        if names.len() > 1 {
            self.read_path(&names);
        }
        syn::visit::visit_path(self, path);
    }

    /// The paths within a macro's arguments, which are not parsed
    fn visit_macro(&mut self, item: &'ast syn::Macro) {
        let text = item.tokens.to_string().replace(" :: ", "::");
        for word in text.split(|c: char| !c.is_alphanumeric() && c != '_' && c != ':') {
            let names: Vec<String> = word.split("::").map(str::to_owned).collect();
            if names.len() > 1 && names.iter().all(|name| !name.is_empty()) {
                self.read_path(&names);
            }
        }
    }

    /// A module of tests may import what it likes
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if !item.attrs.iter().any(|attribute| attribute.path().is_ident("cfg")) || item.content.is_none() {
            syn::visit::visit_item_mod(self, item);
        }
    }
}
