package com.automationanywhere.botcommand.exception;

import com.automationanywhere.bot.service.BotException;

/** A stub: what this package uses of the agent's type. */
public class BotCommandException extends BotException {
    public BotCommandException(String message) {}
}
