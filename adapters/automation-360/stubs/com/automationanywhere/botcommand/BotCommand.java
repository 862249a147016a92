package com.automationanywhere.botcommand;

/** A stub: what this package uses of the agent's type. */
public interface BotCommand extends com.automationanywhere.toolchain.runtime.BotCommand {}
