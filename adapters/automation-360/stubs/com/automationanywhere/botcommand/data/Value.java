package com.automationanywhere.botcommand.data;

import java.io.Serializable;

/** A stub: what this package uses of the agent's type. */
public interface Value<T> extends Serializable {
    T get();

    default void set(T value) {}
}
