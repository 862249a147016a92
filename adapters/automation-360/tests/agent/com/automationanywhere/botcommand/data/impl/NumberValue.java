package com.automationanywhere.botcommand.data.impl;

/** A fake: the agent's type with this name, as far as its behaviour is known. */
public class NumberValue extends AbstractValue<Double> {
    public NumberValue(Number value) {
        set(value.doubleValue());
    }
}
