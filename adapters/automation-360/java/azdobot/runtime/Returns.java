package azdobot.runtime;

/** What an action returns to the bot: {@code returnType} in {@code package.json}. */
public enum Returns {
    NOTHING, DICTIONARY, LIST, TEXT, NUMBER, BOOLEAN, SESSION
}
