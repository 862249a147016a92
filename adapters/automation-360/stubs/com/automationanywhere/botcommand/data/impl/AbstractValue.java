package com.automationanywhere.botcommand.data.impl;

import com.automationanywhere.botcommand.data.Value;

/** A stub: what this package uses of the agent's type. */
public abstract class AbstractValue<T> implements Value<T> {
    @Override
    public T get() {
        return null;
    }
}
