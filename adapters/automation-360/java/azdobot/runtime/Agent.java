package azdobot.runtime;

import java.lang.reflect.Method;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What is used of the agent without its exact types: they are not documented, and a compiled call with a wrong one
 * would fail only in a real agent. Its log is log4j, as the vendor's own wrappers expect, else the logger of the JVM.
 */
final class Agent {
    private static final Object LOG = findLog();

    private Agent() {}

    /** Calls a method of an object, or a static one of a class; null if there is none that can be called. */
    static Object call(Object on, String name, Object... arguments) {
        Class<?> type = on instanceof Class ? (Class<?>) on : on == null ? Void.class : on.getClass();
        for (Method method : type.getMethods()) {
            if (method.getName().equals(name) && method.getParameterCount() == arguments.length) {
                try {
                    // The class of the object need not be public.
                    method.setAccessible(true);
                    return method.invoke(on, arguments);
                } catch (ReflectiveOperationException | RuntimeException e) {
                    // Another overload may fit.
                }
            }
        }
        return null;
    }

    /** The first of these properties that the object has. */
    static Object first(Object on, String... getters) {
        return Stream.of(getters).map(getter -> call(on, getter)).filter(Objects::nonNull).findFirst().orElse(null);
    }

    static void log(System.Logger.Level level, String text) {
        if (LOG instanceof System.Logger) {
            ((System.Logger) LOG).log(level, text);
        } else {
            call(LOG, level == System.Logger.Level.INFO ? "info" : "warn", text);
        }
    }

    private static Object findLog() {
        try {
            Object log4j = call(Class.forName("org.apache.logging.log4j.LogManager"), "getLogger", "azdo-bot");
            return log4j == null ? System.getLogger("azdo-bot") : log4j;
        } catch (ClassNotFoundException | LinkageError e) {
            return System.getLogger("azdo-bot");
        }
    }
}
