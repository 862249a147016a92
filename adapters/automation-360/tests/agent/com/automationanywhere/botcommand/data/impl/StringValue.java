package com.automationanywhere.botcommand.data.impl;

/** A fake: the agent's type with this name, as far as its behaviour is known. */
public class StringValue extends AbstractValue<String> {
    public StringValue(String value) {
        set(value);
    }
}
