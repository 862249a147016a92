package com.automationanywhere.botcommand.data.impl;

/** A stub: what this package uses of the agent's type. */
public class SessionValue extends StringValue {
    public SessionValue(String name) {
        super(name);
    }

    public boolean hasObjectValue() {
        return false;
    }
}
