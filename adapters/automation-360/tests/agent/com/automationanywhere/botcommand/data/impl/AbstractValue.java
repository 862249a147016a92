package com.automationanywhere.botcommand.data.impl;

import com.automationanywhere.botcommand.data.Value;

/** A fake: the agent's type with this name, as far as its behaviour is known. */
public abstract class AbstractValue<T> implements Value<T> {
    private T value;

    @Override
    public T get() {
        return value;
    }

    @Override
    public void set(T value) {
        this.value = value;
    }
}
