package com.automationanywhere.bot.service;

/** A fake: the agent's type with this name, as far as its behaviour is known. */
public class BotException extends RuntimeException {
    public BotException(String message) {
        super(message);
    }
}
