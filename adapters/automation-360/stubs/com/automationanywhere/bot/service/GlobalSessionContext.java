package com.automationanywhere.bot.service;

/** A stub: what this package uses of the agent's type. */
public interface GlobalSessionContext {}
