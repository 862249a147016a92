//! Messages about a token that was entered where a name or a reference belongs.

/// The message about a reference whose path is a token
pub const TOKEN_IN_REFERENCE: &str = "the reference contains a token instead of the name of a place";

/// The message about a token without a store before it
pub const TOKEN_FOR_REFERENCE: &str = "a token was entered where a reference is expected";

/// The help when a shell has replaced a variable's name with its value
pub const WRITE_THE_NAME: &str = "Write the variable's name, without $: env:AZDO_PAT. \
    A shell replaces $AZDO_PAT with its value.";

/// The help when a token was entered where a name belongs
pub const TOKEN_AS_NAME: &str = "The name looks like a token. \
    Enter the name, and pass the token as a reference: env:NAME.";
