//! Messages for a token that was written where a name or a reference belongs.

/// What a message calls a reference whose place is a token
pub(in crate::contract) const TOKEN_IN_REFERENCE: &str =
    "the reference contains a token instead of the name of a place";

/// The same where there is no store before it
pub(in crate::contract) const TOKEN_FOR_REFERENCE: &str = "a token stands where a reference is expected";

/// What helps when a shell put a variable's value where its name belongs
pub(in crate::contract) const WRITE_THE_NAME: &str = "Write the variable's name, without $: env:AZDO_PAT. \
    A shell puts the value in the place of $AZDO_PAT.";

/// What helps when a token stands where a name belongs
pub const TOKEN_AS_NAME: &str = "What stands in the place of the name looks like a token. \
    Write the name there, and hand the token over as a reference: env:NAME.";
