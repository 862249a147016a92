package azdobot.runtime;

import com.automationanywhere.botcommand.exception.BotCommandException;
import java.util.Objects;

/** Assertions. */
final class Check {
    private Check() {}

    interface Work {
        void run() throws Exception;
    }

    /** A test cannot run here; the message says what it needs. */
    static final class Skipped extends RuntimeException {
        Skipped(String needs) {
            super(needs);
        }
    }

    static void that(boolean right, String what) {
        if (!right) {
            throw new AssertionError(what);
        }
    }

    static void equal(Object expected, Object actual) {
        that(Objects.equals(expected, actual), "expected " + expected + ", got " + actual);
    }

    static void has(String text, String part) {
        that(text.contains(part), "no \"" + part + "\" in: " + text);
    }

    /** The message of the error that an action fails with. */
    static String failure(Work work) {
        try {
            work.run();
        } catch (BotCommandException e) {
            return e.getMessage();
        } catch (Exception e) {
            throw new AssertionError("not an error for a bot", e);
        }
        throw new AssertionError("it does not fail");
    }

    static void fails(String message, Work work) {
        equal(message, failure(work));
    }
}
