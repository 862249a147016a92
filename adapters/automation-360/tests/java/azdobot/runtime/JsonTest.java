package azdobot.runtime;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON is read as it was written. */
final class JsonTest {
    public void every_value_is_read_as_it_was_written() {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("text", "\"\\/\b\f\n\r\t\u0000\u2028ü🚀");
        value.put("numbers", Arrays.asList(0L, -1L, 1L << 53, 1.5, -2.5e-7));
        value.put("others", Arrays.asList(true, false, null, Map.of(), List.of()));
        byte[] line = Json.line(Map.of("params", value));
        String text = new String(line, StandardCharsets.UTF_8);
        Check.that(text.indexOf('\n') == text.length() - 1, "it is one line");
        Check.equal(value, Json.at(Json.read(text), "params"));
    }

    public void escapes_and_blanks_are_read() {
        Check.equal(Map.of("a", List.of("é\u0001/", 1L)), Json.read(" { \"a\" : [ \"\\u00e9\\u0001\\/\" ,\t1 ] } "));
    }

    public void a_line_that_is_not_a_message_fails_without_a_quotation() {
        for (String text : List.of("", "{", "[1", "\"secret", "{\"a\" 1}", "secret", "{\"a\":\"\\u00")) {
            try {
                Json.read(text);
                throw new AssertionError("it is read: " + text);
            } catch (RuntimeException e) {
                Check.that(!String.valueOf(e.getMessage()).contains("secret"), "it quotes the text");
            }
        }
    }

    public void a_line_beyond_the_limits_of_the_program_is_refused() {
        Check.fails("limit.exceeded: The fields have more than 4 MiB. Send less at once.",
                () -> Json.line(Map.of("text", "x".repeat(4 << 20))));
        Object deep = "x";
        for (int i = 0; i < 64; i++) {
            deep = Collections.singletonList(deep);
        }
        Object value = deep;
        Check.fails("limit.exceeded: The fields nest more than 60 deep. Send a flatter value.",
                () -> Json.line(Map.of("value", value)));
    }
}
