package com.automationanywhere.core.security;

import java.util.Arrays;
import java.util.function.Consumer;

/** A fake: the agent's type with this name, as far as its behaviour is known. */
public class SecureString implements AutoCloseable {
    private final char[] chars;

    public SecureString(char[] chars) {
        this.chars = chars.clone();
    }

    public void accessChars(Consumer<char[]> reader) {
        reader.accept(chars);
    }

    /** Afterwards, the characters are NUL. */
    @Override
    public void close() {
        Arrays.fill(chars, (char) 0);
    }
}
