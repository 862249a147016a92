package com.automationanywhere.botcommand.data.impl;

import com.automationanywhere.botcommand.data.Value;
import java.util.Map;

/** A stub: what this package uses of the agent's type. */
public class DictionaryValue extends AbstractValue<Map<String, Value>> {
    public DictionaryValue(Map<String, Value> value) {}
}
