//! Recognizes a placeholder that was never replaced: every common form of templates, and words that stand for a token.

/// A form of placeholders
pub(super) struct Placeholder {
    /// The form as people write it: `${NAME}`
    pub(super) form: &'static str,
    /// Who should have replaced it, as a sentence
    pub(super) why: &'static str,
}

/// A form that is recognized by its beginning and its end
struct Template {
    begin: &'static str,
    end: &'static str,
    form: &'static str,
    why: &'static str,
}

/// A form with the reason that fits every tool
const fn usual(begin: &'static str, end: &'static str, form: &'static str) -> Template {
    Template { begin, end, form, why: "A tool that fills in templates should have replaced it." }
}

const SHELL: &str = "A shell replaces it only when the variable is set, and not in single quotes or in a file that it \
    does not read.";

/// The forms that no token can contain, wherever in the text they are
const ANYWHERE: &[Template] = &[
    Template {
        begin: "${{",
        end: "}}",
        form: "${{ NAME }}",
        why: "A workflow or pipeline replaces it only in its own file and when the secret exists.",
    },
    Template { begin: "${", end: "}", form: "${NAME}", why: SHELL },
    Template {
        begin: "$(",
        end: ")",
        form: "$(NAME)",
        why: "Azure Pipelines leaves it unchanged if no variable has this name; a secret variable has to be mapped in the `env` \
            of the step.",
    },
    Template {
        begin: "@Microsoft.KeyVault(",
        end: ")",
        form: "@Microsoft.KeyVault(…)",
        why: "Azure App Service replaces it only in its own settings and when its identity may read the vault.",
    },
    Template {
        begin: "ENC[",
        end: "]",
        form: "ENC[…]",
        why: "The value is encrypted: the file that it is from has to be decrypted first.",
    },
    usual("$[", "]", "$[NAME]"),
    usual("%(", ")", "%(NAME)s"),
    usual("%{", "}", "%{NAME}"),
    usual("@{", "}", "@{NAME}"),
    usual("&{", "}", "&{NAME}"),
    usual("#{", "}#", "#{NAME}#"),
    usual("#{", "}", "#{NAME}"),
    usual("{{", "}}", "{{NAME}}"),
    usual("{%", "%}", "{% NAME %}"),
    usual("<%", "%>", "<%= NAME %>"),
    usual("[[", "]]", "[[NAME]]"),
];

/// The forms that are the whole text
const WHOLE: &[Template] = &[
    Template {
        begin: "%",
        end: "%",
        form: "%NAME%",
        why: "A batch file replaces it only when the variable is set.",
    },
    Template {
        begin: "$",
        end: "$",
        form: "$name$",
        why: "Automation 360 replaces it only in fields with expressions: choose Variable in the field of the token.",
    },
    usual("!", "!", "!NAME!"),
    usual("<", ">", "<NAME>"),
    usual("{", "}", "{NAME}"),
    usual("[", "]", "[NAME]"),
    usual("(", ")", "(NAME)"),
    usual("@", "@", "@NAME@"),
    usual("#", "#", "#NAME#"),
    usual("~", "~", "~NAME~"),
    usual("|", "|", "|NAME|"),
    usual("__", "__", "__NAME__"),
    usual("\u{ab}", "\u{bb}", "\u{ab}NAME\u{bb}"),
    usual("\u{2039}", "\u{203a}", "\u{2039}NAME\u{203a}"),
    usual("!secret ", "", "!secret NAME"),
    usual("!vault ", "", "!vault NAME"),
    usual("!env ", "", "!env NAME"),
    usual("!ENV ", "", "!ENV NAME"),
    Template { begin: "$", end: "", form: "$NAME", why: SHELL },
    Template { begin: "%", end: "", form: "%NAME", why: SHELL },
];

/// The objects in which tools keep their variables: `secrets.NAME`
const OBJECTS: &[&str] = &[
    "build",
    "credentials",
    "env",
    "inputs",
    "parameters",
    "process",
    "release",
    "secret",
    "secrets",
    "system",
    "var",
    "variables",
    "vars",
    "vault",
];

/// What programs write for a value that does not exist
const MISSING: &[&str] = &[
    "null",
    "nil",
    "none",
    "undefined",
    "nan",
    "true",
    "false",
    "n/a",
    "empty",
    "[object object]",
    "(null)",
    "system.security.securestring",
    "system.__comobject",
    "system.net.networkcredential",
    "system.management.automation.pscredential",
    "system.object",
];

/// Words that stand for a token in examples, without separators
const STAND_INS: &[&str] = &[
    "token",
    "pat",
    "secret",
    "password",
    "accesstoken",
    "personalaccesstoken",
    "azdopat",
    "changeme",
    "changeit",
    "replaceme",
    "fillmein",
    "todo",
    "tbd",
    "fixme",
    "placeholder",
    "example",
    "dummy",
    "redacted",
    "masked",
    "hidden",
];

/// How an instruction to fill in a token begins: `your-token`, `insert_pat_here`
const INSTRUCTIONS: &[&str] = &[
    "your", "my", "insert", "enter", "paste", "put", "add", "replace", "change", "the", "some", "dummy",
    "fake", "sample",
];

/// The longest instruction; every token is longer
const LONGEST_WORD: usize = 40;

/// Returns the form of the placeholder that the text is or contains
pub(super) fn placeholder(text: &str) -> Option<Placeholder> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`'));
    let contained = |one: &&Template| {
        text.find(one.begin).is_some_and(|at| text[at + one.begin.len()..].contains(one.end))
    };
    let template =
        ANYWHERE.iter().find(contained).or_else(|| WHOLE.iter().find(|one| is_whole(text, one)))?;
    Some(Placeholder { form: template.form, why: template.why })
}

/// Whether the text is a name between the beginning and the end of a form
fn is_whole(text: &str, form: &Template) -> bool {
    let inner = text.strip_prefix(form.begin).and_then(|rest| rest.strip_suffix(form.end));
    inner.is_some_and(|inner| !inner.is_empty() && (!form.end.is_empty() || is_name(inner)))
}

/// Returns what the text is, if it is a word that stands for a token; completes "the token is"
pub(super) fn stand_in(text: &str) -> Option<&'static str> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`'));
    if text.len() > LONGEST_WORD && !is_variable_name(text) {
        return None;
    }
    let lower = text.to_ascii_lowercase();
    if MISSING.contains(&lower.as_str()) {
        return Some("what a program writes for a missing value");
    }
    if is_variable_name(text) {
        return Some("the name of a variable, not its value");
    }
    let plain: String = lower.chars().filter(char::is_ascii_alphanumeric).collect();
    let instructs = |start: &&str| {
        let rest = plain.strip_prefix(*start).unwrap_or_default();
        ["token", "pat", "secret", "password", "key", "here"].iter().any(|word| rest.ends_with(word))
    };
    (STAND_INS.contains(&plain.as_str()) || INSTRUCTIONS.iter().any(instructs))
        .then_some("a word of an example that was not replaced")
}

/// Whether the text is written as a variable: `AZDO_PAT`, `secrets.PAT`, `System.AccessToken`
fn is_variable_name(text: &str) -> bool {
    let constant = text.contains('_')
        && text.starts_with(|c: char| c.is_ascii_uppercase())
        && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
    let member = text.split_once('.').is_some_and(|(object, name)| {
        OBJECTS.contains(&object.to_ascii_lowercase().as_str()) && is_name(name)
    });
    constant || member
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b':' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_templates_is_recognized() {
        for (text, form) in [
            ("$PAT", "$NAME"),
            ("$env:PAT", "$NAME"),
            ("${PAT}", "${NAME}"),
            ("${env:PAT}", "${NAME}"),
            ("${PAT:-none}", "${NAME}"),
            ("%PAT%", "%NAME%"),
            ("!PAT!", "!NAME!"),
            ("%{PAT}", "%{NAME}"),
            ("$(PAT)", "$(NAME)"),
            ("$(System.AccessToken)", "$(NAME)"),
            ("$[variables.PAT]", "$[NAME]"),
            ("${{ secrets.PAT }}", "${{ NAME }}"),
            ("$pat$", "$name$"),
            ("@{variables('pat')}", "@{NAME}"),
            ("{{pat}}", "{{NAME}}"),
            ("{{ vault.pat }}", "{{NAME}}"),
            ("{% pat %}", "{% NAME %}"),
            ("<%= pat %>", "<%= NAME %>"),
            ("#{PAT}#", "#{NAME}#"),
            ("#{PAT}", "#{NAME}"),
            ("[[pat]]", "[[NAME]]"),
            ("{{{pat}}}", "{{NAME}}"),
            ("%(pat)s", "%(NAME)s"),
            ("%%PAT%%", "%NAME%"),
            ("$$pat$$", "$name$"),
            ("<%= ENV['PAT'] %>", "<%= NAME %>"),
            ("<<pat>>", "<NAME>"),
            ("\u{ab}pat\u{bb}", "\u{ab}NAME\u{bb}"),
            ("!secret azdo_pat", "!secret NAME"),
            ("@Microsoft.KeyVault(SecretUri=x)", "@Microsoft.KeyVault(…)"),
            ("ENC[AES256_GCM,data:x]", "ENC[…]"),
            ("__PAT__", "__NAME__"),
            ("@PAT@", "@NAME@"),
            ("<token>", "<NAME>"),
            ("<your-token>", "<NAME>"),
            ("{pat}", "{NAME}"),
            ("[PAT]", "[NAME]"),
            ("Bearer ${PAT}", "${NAME}"),
            (":$(PAT)", "$(NAME)"),
            ("\"${PAT}\"", "${NAME}"),
            ("${PAT}\r\n", "${NAME}"),
        ] {
            assert_eq!(placeholder(text).map(|found| found.form), Some(form), "{text}");
        }
    }

    #[test]
    fn words_that_stand_for_a_token_are_recognized() {
        for text in [
            "null",
            "None",
            "undefined",
            "[object Object]",
            "System.Security.SecureString",
            "AZDO_PAT",
            "AZURE_DEVOPS_EXT_PAT",
            "SYSTEM_ACCESSTOKEN",
            "System.AccessToken",
            "secrets.AZDO_PAT",
            "process.env.AZDO_PAT",
            "PAT",
            "pat",
            "changeme",
            "change-me",
            "CHANGE_ME",
            "your-token",
            "YOUR_TOKEN_HERE",
            "my pat",
            "insert-your-token-here",
            "<<token>>",
            "replace_with_token",
            "todo",
            "'null'",
            "(null)",
            "System.__ComObject",
            "<your personal access token>",
            "your personal access token",
            "dummy-token",
            "fake_pat",
            "TODO",
            "Undefined",
            "None",
        ] {
            assert!(stand_in(text).is_some(), "{text}");
        }
    }

    #[test]
    fn tokens_are_none_of_these() {
        let long = "mytokenab".repeat(6);
        for text in ["abcdef", "with-dash_and.dot", "a/b+c", "eyJhbGciOi.eyJpc3Mi.c2ln", "mary", &long] {
            assert!(placeholder(text).is_none() && stand_in(text).is_none(), "{text}");
        }
    }
}
