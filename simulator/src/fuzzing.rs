//! What the fuzz target of world files checks.

use crate::World;

/// A world is refused with the place of the error, or is the same world after it is saved and read again.
pub fn world_file(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    if let Err(error) = World::from_saved(text) {
        assert!(!error.to_string().is_empty());
    }
    match World::from_toml(text) {
        Ok(world) => {
            let saved = written(world);
            let again = World::from_saved(&saved).expect("a saved world can be read");
            assert_eq!(written(again), saved, "a saved world is another one");
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

/// Starts with a world and saves it.
fn written(world: World) -> String {
    serde_json::to_string(&World::of(&world.into_state())).expect("a world is JSON")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kept_worlds_are_refused_or_the_same_after_they_are_saved() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../fuzz/corpus/world_file");
        let inputs: Vec<_> = std::fs::read_dir(folder).expect("the folder is there").collect();
        assert!(!inputs.is_empty());
        for input in inputs {
            world_file(&std::fs::read(input.expect("an entry").path()).expect("it can be read"));
        }
    }
}
