package com.automationanywhere.botcommand.data.impl;

/** A stub: what this package uses of the agent's type. */
public class StringValue extends AbstractValue<String> {
    public StringValue(String value) {}
}
