//! What every action obeys.

use std::collections::BTreeSet;

use azdo_bot::actions::Effect;
use azdo_bot::contract::Dictionary;
use azdo_bot::contract::ErrorCode;
use azdo_bot::contract::Value;
use azdo_bot::package::AttributeType;
use azdo_bot::package::LostResponse;
use azdo_bot::package::Returns;
use azdo_bot::package::action;
use azdo_bot::package::action_schema;
use azdo_bot::package::actions;
use serde_json::json;

#[test]
fn every_word_of_another_tool_has_a_meaning_in_the_catalogue() {
    use azdo_bot::contract::MEANINGS;

    let plain = |text: &str| text.to_lowercase().replace(' ', "");
    let cards = azdo_bot::package::actions();
    let names = cards.iter().flat_map(|card| {
        let fields = card.attributes.iter().map(|attribute| plain(&attribute.name));
        fields.chain([plain(&card.name)]).collect::<Vec<_>>()
    });
    let names: Vec<String> = names.collect();
    for (word, meaning) in MEANINGS {
        let meaning = plain(meaning);
        assert!(names.iter().any(|name| name.contains(&meaning)), "{word}: nothing is named {meaning}");
    }
    let mut sorted = MEANINGS.to_vec();
    sorted.sort_unstable();
    assert_eq!(sorted, MEANINGS, "the words are sorted");
}

#[test]
fn an_action_is_found_in_every_hosts_spelling() {
    for card in actions() {
        let spellings = [
            card.name.clone(),
            card.words.replace(' ', "-"),
            card.words.replace(' ', "_"),
            card.label.clone(),
            card.words.to_uppercase(),
        ];
        for spelling in spellings {
            assert_eq!(action(&spelling).map(|found| found.words), Some(card.words), "{spelling}");
        }
    }
    assert!(action("no such action").is_none());
    assert!(action(&"x".repeat(1 << 20)).is_none());
}

#[test]
fn names_are_unique_and_consist_of_plain_words() {
    let mut seen = BTreeSet::new();
    for card in actions() {
        assert!(seen.insert(&card.name), "{} stands twice", card.name);
        assert!(card.words.chars().all(|c| c.is_ascii_lowercase() || c == ' '), "{}", card.words);
    }
}

#[test]
fn every_text_exists_and_has_the_right_form() {
    for card in actions() {
        let summary = &card.summary;
        assert!(
            !summary.is_empty() && summary.len() < 80 && !summary.ends_with('.'),
            "{}: {summary}",
            card.name
        );
        for attribute in &card.attributes {
            assert!(!attribute.description.is_empty(), "{}.{}", card.name, attribute.name);
            assert!(!attribute.description.ends_with('.'), "{}.{}", card.name, attribute.name);
            assert!(!attribute.label.is_empty(), "{}.{}", card.name, attribute.name);
            // JSON Schema has no other form of it that every host reads.
            if let Some((_, option)) = &attribute.inside {
                assert!(attribute.description.contains(option.as_str()), "{}.{}", card.name, attribute.name);
            }
        }
        for output in &card.outputs {
            assert!(!output.description.is_empty(), "{} answers {}", card.name, output.name);
        }
    }
}

#[test]
fn a_choice_with_other_needs_exists() {
    for card in actions() {
        for one in card.choices {
            let field = card.attribute(one.field).unwrap_or_else(|| panic!("{}.{}", card.name, one.field));
            assert!(field.options.iter().any(|option| option.value == one.choice), "{}", one.choice);
            assert_ne!(one.needs, card.needs, "{}", card.name);
        }
    }
    let connect = action("connect").expect("it is there");
    assert_eq!(connect.needs_with(|_| false), connect.needs);
    assert_ne!(connect.needs_with(|one| one.choice == "CREATE"), connect.needs);
}

#[test]
fn every_action_except_connect_needs_a_session() {
    for card in actions() {
        let session = card.attribute("session");
        assert_eq!(card.returns == Returns::Session, card.name == "connect");
        if card.name == "connect" {
            assert!(session.is_none());
            continue;
        }
        let session = session.unwrap_or_else(|| panic!("{} has no session", card.name));
        assert_eq!(session.kind, AttributeType::Session, "{}", card.name);
        assert_eq!(session.default, Some(Value::from("Default")), "{}", card.name);
        assert_eq!(card.attributes[0].name, "session", "{}: the session comes first", card.name);
    }
}

#[test]
fn schemas_are_closed_flat_objects_that_every_host_can_read() {
    for card in actions() {
        let schema = action_schema(card);
        assert_eq!(schema["input"]["type"], "object", "{}", card.name);
        assert_eq!(schema["input"]["additionalProperties"], false, "{}", card.name);
        assert_eq!(schema["output"]["type"], "object", "{}", card.name);
        let text = schema.to_string();
        for word in ["\"$ref\"", "\"$defs\"", "\"null\"", "\"format\"", "\"title\":\"Input\""] {
            assert!(!text.contains(word), "{} has {word}", card.name);
        }
    }
}

#[test]
fn the_description_of_an_action_has_its_effect_and_needs() {
    let schema = action_schema(action("runPipeline").expect("the action is there"));
    assert_eq!(schema["effect"], "creates");
    let permission = json!({ "namespace": "Build", "name": "Queue builds", "bit": 128,
                             "place": "Pipelines > More actions > Manage security" });
    assert!(
        schema["needs"]["permissions"].as_array().is_some_and(|all| all.contains(&permission)),
        "{schema}"
    );
    assert_eq!(
        schema["needs"]["scope"],
        json!({ "id": "vso.build_execute", "label": "Build (read and execute)" })
    );
    let wait = action_schema(action("waitForPipelineRun").expect("the action is there"));
    assert_eq!(wait["input"]["properties"]["timeLimit"]["x-unit"], "seconds");
    assert!(action_schema(action("checkSession").expect("the action is there"))["needs"]["scope"].is_null());
}

#[test]
fn parser_and_schema_agree_on_valid_and_invalid_inputs() {
    for card in actions() {
        let schema = action_schema(card);
        let validator = jsonschema::validator_for(&schema["input"]).expect("the input schema is one");
        assert!(!card.examples().is_empty(), "{} has no example", card.name);
        for example in card.examples() {
            assert!(validator.is_valid(&example.inputs), "{}: {}", card.name, example.title);
            let Value::Dictionary(inputs) = Value::from(example.inputs.clone()) else {
                panic!("{}", card.name)
            };
            card.check(inputs.clone()).unwrap_or_else(|error| panic!("{}: {error:?}", card.name));

            let mut unknown = inputs;
            unknown.insert("noSuchField".to_owned(), Value::from(1));
            let json = serde_json::to_value(&unknown).expect("values serialize");
            assert!(!validator.is_valid(&json) && card.check(unknown).is_err(), "{}", card.name);
        }
        let required = card.attributes.iter().any(|attribute| attribute.required);
        assert_eq!(validator.is_valid(&json!({})), !required, "{}", card.name);
        assert_eq!(card.check(Dictionary::new()).is_ok(), !required, "{}", card.name);
    }
}

#[test]
fn actions_that_change_something_declare_unknown_outcomes_and_denied_permissions() {
    for card in actions().iter().filter(|card| card.effect != Effect::Reads) {
        for code in [ErrorCode::ServiceOutcomeUnknown, ErrorCode::PermissionDenied] {
            assert!(card.errors.contains(&code), "{} does not say {code}", card.name);
        }
    }
}

#[test]
fn actions_that_change_something_declare_their_proof_after_a_lost_response() {
    for card in actions() {
        let says = card.lost_response != LostResponse::NotApplicable;
        assert_eq!(says, !card.lost_response.by().is_empty(), "{}", card.name);
        // Connect creates a project on request.
        let changes = card.effect != Effect::Reads || card.name == "connect";
        assert_eq!(says, changes, "{} {:?}", card.name, card.lost_response);
    }
}

#[test]
fn requested_fields_are_among_the_outputs() {
    for card in actions().iter().filter(|card| card.attribute("includeRaw").is_some()) {
        let all = card.outputs.iter().chain(card.outputs.iter().flat_map(|output| &output.parts));
        assert!(all.map(|output| output.name.as_str()).any(|name| name == "raw"), "{}", card.name);
    }
}

#[test]
fn one_field_alone_is_checked_without_the_others() {
    let card = action("createRepository").expect("the action is there");
    assert!(card.check_field("name", &Value::from("site")).is_ok());
    let error = card.check_field("name", &Value::from("a/b")).expect_err("a bad name");
    assert_eq!(error.context_value("field"), Some("name"));
    assert!(card.check_field("session", &Value::from(true)).is_err());
    assert!(card.check_field("nmae", &Value::from("site")).is_err(), "an unknown field");
    let wait = action("waitForPipelineRun").expect("the action is there");
    assert!(wait.check_field("timeLimit", &Value::from(0)).is_err(), "below the bound");
    assert!(wait.check_field("timeLimit", &Value::from(60)).is_ok());
}

#[test]
fn connect_has_the_vendors_fields_in_order_with_labels_and_modes() {
    let manifest = azdo_bot::package::manifest();
    let connect = &manifest["commands"][0];
    assert_eq!(connect["name"], "connect");
    let fields = connect["attributes"].as_array().expect("there are attributes");
    let labels: Vec<&str> = fields.iter().filter_map(|field| field["label"].as_str()).collect();
    assert_eq!(labels, ["Authentication Method", "Organization URL", "Project name", "Advanced"]);
    let advanced = (&fields[3]["type"], fields[3]["attributes"].as_array().expect("it has fields"));
    assert_eq!(advanced.0, "GROUP");
    let option = &fields[0]["options"][0];
    assert_eq!((&option["label"], &option["value"]), (&"Personal Access Token".into(), &"PAT".into()));
    let if_exists = advanced.1.iter().find(|field| field["name"] == "ifSessionExists").expect("it is there");
    assert_eq!(if_exists["defaultValue"]["string"], "ERROR");
    let token = &option["attributes"][0];
    assert_eq!(token["label"], "Personal Access Token");
    assert_eq!(token["modes"], json!(["CREDENTIAL", "VARIABLE", "INSECURE_STRING"]));
    let entra = &fields[0]["options"][1];
    assert_eq!((&entra["label"], &entra["value"]), (&"Microsoft Entra".into(), &"ENTRA".into()));
    let application = &entra["attributes"][0];
    assert_eq!(application["name"], "entraCredential");
    assert_eq!((&application["modes"], &application["rules"]), (&token["modes"], &token["rules"]));
    assert_eq!(connect["returnLabel"], "Azure DevOps Session");
    assert_eq!(connect["returnDefaultValue"]["sessionTarget"], "LOCAL");
    assert_eq!(connect["returnDefaultValue"]["sessionName"]["string"], "Default");
    assert_eq!(connect["modes"], json!(["LOCAL", "GLOBAL", "VARIABLE"]));
}
