package com.automationanywhere.botcommand.data.impl;

import com.automationanywhere.botcommand.data.Value;
import com.automationanywhere.core.security.SecureString;

/** A fake: the agent's type with this name, as far as its behaviour is known. */
public class CredentialObject implements Value<SecureString> {
    private final SecureString value;

    public CredentialObject(SecureString value) {
        this.value = value;
    }

    @Override
    public SecureString get() {
        return value;
    }
}
