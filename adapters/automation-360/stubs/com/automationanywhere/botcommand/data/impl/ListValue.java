package com.automationanywhere.botcommand.data.impl;

import java.util.List;

/** A stub: what this package uses of the agent's type. */
public class ListValue<T> extends AbstractValue<List<T>> {
    public ListValue() {}
}
