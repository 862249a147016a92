package azdobot.runtime;

import com.automationanywhere.botcommand.exception.BotCommandException;

/** Errors in the form that a bot author reads and an error handler can test: {@code code: message. Help.} */
final class Failure {
    private Failure() {}

    static BotCommandException of(String code, String message, String help) {
        return new BotCommandException(code + ": " + sentence(message) + (help.isEmpty() ? "" : " " + sentence(help)));
    }

    /** The error of a JSON-RPC response, whose {@code data} has the code and the help. */
    static BotCommandException of(Object error) {
        Object help = Json.at(error, "data", "help");
        return of(code(error), String.valueOf(Json.at(error, "message")), help instanceof String ? (String) help : "");
    }

    static String code(Object error) {
        Object code = Json.at(error, "data", "code");
        return code instanceof String ? (String) code : "internal";
    }

    static String sentence(String text) {
        return text.endsWith(".") || text.endsWith("!") || text.endsWith("?") ? text : text + ".";
    }
}
