package com.automationanywhere.bot.service;

/** A stub: what this package uses of the agent's type. */
public class BotException extends RuntimeException {
    protected BotException() {}
}
