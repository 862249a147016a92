package com.automationanywhere.botcommand;

/** A fake: the agent's type with this name, as far as its behaviour is known. */
public interface BotCommand extends com.automationanywhere.toolchain.runtime.BotCommand {}
