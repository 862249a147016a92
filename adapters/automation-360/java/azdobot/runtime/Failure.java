package azdobot.runtime;

import com.automationanywhere.botcommand.exception.BotCommandException;
import java.util.Map;
import java.util.Objects;

/** Errors in the form that a bot author reads and an error handler can test: {@code code: message. Help.} */
final class Failure {
    private Failure() {}

    static BotCommandException of(String code, String message, String help) {
        return new BotCommandException(code + ": " + sentence(message) + (help.isEmpty() ? "" : " " + sentence(help)));
    }

    /** The error of a JSON-RPC response, whose {@code data} has the code and the help, with the label of its field. */
    static BotCommandException of(Object error, Map<String, String> labels) {
        String field = Objects.toString(Json.at(error, "data", "context", "field"), "").split("\\.")[0];
        String message = Json.at(error, "message").toString().replace('"' + field + '"', '"' + labels.getOrDefault(field, field) + '"');
        // The author of a bot has no command line.
        String help = Objects.toString(Json.at(error, "data", "help"), "");
        return of(code(error), message, help.replaceFirst("; `azdo-bot actions .*", " in the action."));
    }

    static String code(Object error) {
        return Objects.toString(Json.at(error, "data", "code"), "internal");
    }

    static String sentence(String text) {
        return text.endsWith(".") || text.endsWith("!") || text.endsWith("?") ? text : text + ".";
    }
}
