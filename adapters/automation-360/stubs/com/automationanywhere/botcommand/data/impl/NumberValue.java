package com.automationanywhere.botcommand.data.impl;

/** A stub: what this package uses of the agent's type. */
public class NumberValue extends AbstractValue<Double> {
    public NumberValue(Number value) {}
}
