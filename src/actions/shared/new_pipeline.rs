//! The folder of a pipeline that is created, renamed or moved.

use crate::actions::prelude::*;

/// Returns the folder that is given on its own or before the new name
///
/// `field` is the input of the name. Errors: `input.invalid` for two different folders.
pub(crate) fn folder<'a>(
    action: &str,
    field: &'static str,
    name: Option<&'a NewPipelineName>,
    folder: Option<&'a PipelineFolder>,
) -> Result<Option<&'a PipelineFolder>, Error> {
    let before_name = name.and_then(NewPipelineName::folder);
    match (before_name, folder) {
        (Some(one), Some(other)) if one.as_str().to_lowercase() != other.as_str().to_lowercase() => {
            let message = format!(
                "{action}: folder: {field} has the folder \"{}\" already, which is not \"{}\"",
                printable(one.as_str(), 400),
                printable(other.as_str(), 400)
            );
            Err(Error::new(ErrorCode::InputInvalid, message)
                .help("Give the folder once.")
                .with("field", "folder"))
        }
        _ => Ok(folder.or(before_name)),
    }
}
