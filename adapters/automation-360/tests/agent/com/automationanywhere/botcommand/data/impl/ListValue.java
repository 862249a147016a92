package com.automationanywhere.botcommand.data.impl;

import java.util.List;

/** A fake: the agent's type with this name, as far as its behaviour is known. */
public class ListValue<T> extends AbstractValue<List<T>> {
    public ListValue() {}
}
