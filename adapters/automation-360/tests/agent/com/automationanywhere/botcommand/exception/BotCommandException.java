package com.automationanywhere.botcommand.exception;

import com.automationanywhere.bot.service.BotException;

/** A fake: the agent's type with this name, as far as its behaviour is known. */
public class BotCommandException extends BotException {
    public BotCommandException(String message) {
        super(message);
    }
}
