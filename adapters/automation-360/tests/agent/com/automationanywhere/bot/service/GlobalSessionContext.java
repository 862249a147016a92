package com.automationanywhere.bot.service;

/** A fake: the agent's type with this name, as far as its behaviour is known. */
public interface GlobalSessionContext {
    String getExecutionId();

    String getBotUri();

    Object getProxyConfig();
}
