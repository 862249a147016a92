package org.apache.logging.log4j;

/** A fake: the logger of the agent, with some of its overloads. */
public interface Logger {
    void info(Number text);

    void info(Object text);

    void warn(Number text);

    void warn(Object text);
}
