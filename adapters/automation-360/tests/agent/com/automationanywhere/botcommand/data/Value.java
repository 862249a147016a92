package com.automationanywhere.botcommand.data;

import java.io.Serializable;

/** A fake: the agent's type with this name, as far as its behaviour is known. */
public interface Value<T> extends Serializable {
    T get();

    default void set(T value) {}
}
