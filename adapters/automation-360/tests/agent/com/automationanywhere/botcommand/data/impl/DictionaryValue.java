package com.automationanywhere.botcommand.data.impl;

import com.automationanywhere.botcommand.data.Value;
import java.util.Map;

/** A fake: the agent's type with this name, as far as its behaviour is known. */
public class DictionaryValue extends AbstractValue<Map<String, Value>> {
    public DictionaryValue(Map<String, Value> value) {
        set(value);
    }
}
