//! The outputs of a command.

use serde_json::Map;
use serde_json::Value as Json;
use serde_json::json;

use crate::package::ActionCard;
use crate::package::AttributeType;
use crate::package::OutputField;
use crate::package::Returns;
use crate::package::manifest::command::Writer;
use crate::package::manifest::command::object;

impl Writer<'_> {
    /// Returns what a command says about its outputs
    pub(in crate::package) fn returns(&mut self, card: &ActionCard) -> Map<String, Json> {
        let mut put = |what: &str, text: &str| self.texts.put(&format!("{}.{what}", card.name), text);
        let mut returns = object(match &card.returns {
            Returns::Session => json!({
                "returnType": "SESSION",
                "returnSubtype": "UNDEFINED",
                "returnLabel": put("returnLabel", "Azure DevOps Session"),
                "returnDescription":
                    put("returnDescription", "The scope of the session: this bot only, the whole run tree, or a session variable"),
                "returnRequired": true,
                "returnSettings": ["SESSION_TARGET"],
                "returnDefaultValue": {
                    "type": "SESSION",
                    "sessionTarget": "LOCAL",
                    "sessionName": { "type": "STRING", "string": "Default" }
                },
                "modes": ["LOCAL", "GLOBAL", "VARIABLE"],
            }),
            Returns::Dictionary => json!({
                "returnType": "DICTIONARY",
                "returnSubtype": "ANY",
                "returnLabel": put("returnLabel", "Assign the output to a variable"),
                "returnSchema": schema(&card.outputs),
                "modes": ["VARIABLE"],
            }),
            Returns::List(name) => json!({
                "returnType": "LIST",
                "returnSubtype": "DICTIONARY",
                "returnLabel": put("returnLabel", "Assign the output to a variable"),
                "returnSchema": schema(entries(card, name)),
                "modes": ["VARIABLE"],
            }),
        });
        if self.for_vendor {
            returns.shift_remove("modes");
        }
        returns
    }
}

/// Returns the fields of each entry of a list that an action returns
fn entries<'a>(card: &'a ActionCard, list: &str) -> &'a [OutputField] {
    let list = card.outputs.iter().find(|output| output.name == list);
    list.map_or(&[], |list| list.parts.as_slice())
}

fn schema(fields: &[OutputField]) -> Vec<Json> {
    fields.iter().map(|one| json!({ "name": one.name, "type": value_type(one.kind) })).collect()
}

/// Returns the vendor's value type of an output
const fn value_type(kind: AttributeType) -> &'static str {
    match kind {
        AttributeType::Number => "NUMBER",
        AttributeType::Checkbox => "BOOLEAN",
        AttributeType::List => "LIST",
        AttributeType::Dictionary => "DICTIONARY",
        AttributeType::Session => "SESSION",
        AttributeType::Credential => "CREDENTIAL",
        AttributeType::File => "FILE",
        AttributeType::Text | AttributeType::TextArea | AttributeType::Select => "STRING",
    }
}
