//! System.systemInformation: reads a system variable.

use crate::contract::Error;
use crate::contract::Value;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::nodes::compute::Compute;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::expression::SystemVariable;

/// Reads a system variable
#[derive(Debug)]
pub(crate) struct SystemInformation {
    variable: SystemVariable,
}

impl Compute for SystemInformation {
    const PACKAGE: &'static str = "System";
    const COMMAND: &'static str = "systemInformation";
    const RESULT: Expected = Expected::Any;
    const EXAMPLE: &'static str = r#"{ "commandName": "systemInformation", "packageName": "System", "attributes": [
    { "name": "variableOption", "value": { "type": "STRING", "string": "BY_TEXT" } },
    { "name": "systemNameByText", "value": { "type": "STRING", "string": "Machine" } } ],
  "returnTo": { "type": "VARIABLE", "variableName": "text" } }"#;

    /// The name of the variable is in the text attribute that has one: it has different names in different files
    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        let names = ["systemNameByText", "systemName", "systemNameByList", "variableName"];
        let given = names.into_iter().find_map(|name| Some((name, raw.attribute(name)?)));
        let Some((field, name)) = given.filter(|(_, found)| !found.value.string.is_empty()) else {
            return checker.unsupported("this host reads only a system variable whose name is written out");
        };
        let variable = checker.parsed(field, SystemVariable::named(&name.value.string))?;
        if variable.is_masked() {
            checker.masked(variable.name());
        }
        Some(SystemInformation { variable })
    }

    fn compute(&self, frame: &Frame<'_>) -> Result<Value, Error> {
        Ok(self.variable.value(frame.scope.task_name()))
    }
}
