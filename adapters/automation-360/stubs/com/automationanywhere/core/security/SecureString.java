package com.automationanywhere.core.security;

import java.util.function.Consumer;

/** A stub: what this package uses of the agent's type. */
public class SecureString {
    SecureString() {}

    public void accessChars(Consumer<char[]> reader) {}
}
