package com.automationanywhere.botcommand.data.impl;

/** A fake: the agent's type with this name, as far as its behaviour is known. */
public class BooleanValue extends AbstractValue<Boolean> {
    public BooleanValue(Boolean value) {
        set(value);
    }
}
