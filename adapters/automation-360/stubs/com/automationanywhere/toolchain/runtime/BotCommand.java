package com.automationanywhere.toolchain.runtime;

import com.automationanywhere.bot.service.GlobalSessionContext;
import com.automationanywhere.botcommand.data.Value;
import java.util.Map;
import java.util.Optional;

/** A stub: what this package uses of the agent's type. */
public interface BotCommand {
    Optional<Value> execute(Map<String, Value> parameters, Map<String, Object> sessionMap);

    Optional<Value> execute(GlobalSessionContext context, Map<String, Value> parameters, Map<String, Object> sessionMap);

    Map<String, Value> executeAndReturnMany(
            GlobalSessionContext context, Map<String, Value> parameters, Map<String, Object> sessionMap);
}
