package azdobot.runtime;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * JSON as maps, lists, texts, {@code Long} or {@code Double}, booleans and null: own code, because a package must not
 * bring a library that the agent may have in another version. The reader trusts what {@code azdo-bot} writes.
 */
final class Json {
    /** The limits of {@code azdo-bot serve}, which cannot tell the request of a longer or deeper line. */
    private static final int MOST_BYTES = 4 << 20;
    private static final int DEEPEST = 64;

    private final String text;
    private int at;

    private Json(String text) {
        this.text = text;
    }

    /** The line of a message; fails with {@code limit.exceeded} if it is too long or too deep. */
    static byte[] line(Map<String, ?> message) {
        Map<String, Object> whole = new LinkedHashMap<>(Map.of("jsonrpc", "2.0"));
        whole.putAll(message);
        StringBuilder out = new StringBuilder();
        write(whole, out, 1);
        byte[] line = out.append('\n').toString().getBytes(StandardCharsets.UTF_8);
        if (line.length > MOST_BYTES) {
            throw Failure.of("limit.exceeded", "The fields have more than 4 MiB", "Send less at once");
        }
        return line;
    }

    private static void write(Object value, StringBuilder out, int depth) {
        if (depth > DEEPEST) {
            throw Failure.of("limit.exceeded", "The fields nest more than 60 deep", "Send a flatter value");
        } else if (value instanceof Map) {
            out.append('{');
            ((Map<?, ?>) value).forEach((name, one) -> {
                quote((String) name, next(out));
                write(one, out.append(':'), depth + 1);
            });
            out.append('}');
        } else if (value instanceof List) {
            out.append('[');
            ((List<?>) value).forEach(one -> write(one, next(out), depth + 1));
            out.append(']');
        } else if (value instanceof String) {
            quote((String) value, out);
        } else {
            out.append(value);
        }
    }

    /** A comma, unless it is the first element. */
    private static StringBuilder next(StringBuilder out) {
        return "{[".indexOf(out.charAt(out.length() - 1)) >= 0 ? out : out.append(',');
    }

    private static void quote(String text, StringBuilder out) {
        out.append('"');
        for (char one : text.toCharArray()) {
            if (one < ' ') {
                out.append(String.format("\\u%04x", (int) one));
            } else {
                out.append(one == '"' || one == '\\' ? "\\" : "").append(one);
            }
        }
        out.append('"');
    }

    /** The value below these names; null if there is none. */
    static Object at(Object value, String... names) {
        for (String name : names) {
            value = value instanceof Map ? ((Map<?, ?>) value).get(name) : null;
        }
        return value;
    }

    /** Reads one value; a failure quotes nothing of the text. */
    static Object read(String text) {
        return new Json(text).value();
    }

    private Object value() {
        switch (next()) {
            case '{': return members();
            case '[': return elements();
            case '"': return string();
            case 't': return word("rue", true);
            case 'f': return word("alse", false);
            case 'n': return word("ull", null);
            default: return number();
        }
    }

    private Map<String, Object> members() {
        Map<String, Object> members = new LinkedHashMap<>();
        for (char next = next(); next != '}'; next = next()) {
            if (next != ',') {
                String name = string();
                expect(next() == ':');
                members.put(name, value());
            }
        }
        return members;
    }

    private List<Object> elements() {
        List<Object> elements = new ArrayList<>();
        for (char next = next(); next != ']'; next = next()) {
            if (next != ',') {
                at--;
                elements.add(value());
            }
        }
        return elements;
    }

    private String string() {
        StringBuilder out = new StringBuilder();
        for (char one = text.charAt(at++); one != '"'; one = text.charAt(at++)) {
            int escape = one == '\\' ? "\"\\/bfnrtu".indexOf(text.charAt(at++)) : -1;
            if (escape == 8) {
                at += 4;
                out.append((char) Integer.parseInt(text.substring(at - 4, at), 16));
            } else {
                out.append(escape < 0 ? one : "\"\\/\b\f\n\r\t".charAt(escape));
            }
        }
        return out.toString();
    }

    private Object word(String rest, Object value) {
        expect(text.startsWith(rest, at));
        at += rest.length();
        return value;
    }

    private Number number() {
        int start = at - 1;
        while (at < text.length() && "+-.0123456789Ee".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        String digits = text.substring(start, at);
        return digits.matches("-?[0-9]{1,18}") ? (Number) Long.valueOf(digits) : Double.valueOf(digits);
    }

    private char next() {
        while (" \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        return text.charAt(at++);
    }

    private void expect(boolean right) {
        if (!right) {
            throw new IllegalArgumentException("no JSON at character " + at);
        }
    }
}
