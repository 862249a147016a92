package com.automationanywhere.botcommand.data.impl;

/** A stub: what this package uses of the agent's type. */
public class BooleanValue extends AbstractValue<Boolean> {
    public BooleanValue(Boolean value) {}
}
