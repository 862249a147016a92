package azdobot.runtime;

import com.automationanywhere.botcommand.data.Value;
import com.automationanywhere.botcommand.data.impl.BooleanValue;
import com.automationanywhere.botcommand.data.impl.DictionaryValue;
import com.automationanywhere.botcommand.data.impl.ListValue;
import com.automationanywhere.botcommand.data.impl.NumberValue;
import com.automationanywhere.botcommand.data.impl.StringValue;
import com.automationanywhere.core.security.SecureString;
import java.nio.charset.StandardCharsets;
import java.time.ZonedDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Values of a bot as JSON, and back. */
final class Values {
    /** Above this, a double no longer has every whole number. */
    private static final double MOST_WHOLE = 1L << 53;
    private static final Map<Class<?>, String> KINDS = Map.of(Boolean.class, "true or false",
            Number.class, "a number", String.class, "a text", List.class, "a list", Map.class, "a dictionary",
            SecureString.class, "a credential");

    private Values() {}

    /** A value that cannot be sent; the message says what it is. */
    static final class Refused extends RuntimeException {
        Refused(String kind) {
            super(kind);
        }
    }

    static Object toJson(Object value) {
        Object plain = value instanceof Value ? ((Value<?>) value).get() : value;
        if (plain instanceof Map) {
            Map<String, Object> map = new LinkedHashMap<>();
            ((Map<?, ?>) plain).forEach((name, one) -> map.put((String) toJson(String.valueOf(name)), toJson(one)));
            return map;
        } else if (plain instanceof List) {
            return ((List<?>) plain).stream().map(Values::toJson).collect(Collectors.toList());
        } else if (plain instanceof Number) {
            double number = ((Number) plain).doubleValue();
            if (Double.isNaN(number) || Double.isInfinite(number)) {
                throw new Refused("a number that is not finite");
            }
            // A bot has only doubles: its 5.0 is the 5 that the author wrote.
            return number == Math.rint(number) && Math.abs(number) <= MOST_WHOLE ? (Object) (long) number : number;
        } else if (plain instanceof String && !StandardCharsets.UTF_8.newEncoder().canEncode((String) plain)) {
            throw new Refused("a text with half of a surrogate pair");
        } else if (plain instanceof ZonedDateTime) {
            return ((ZonedDateTime) plain).toOffsetDateTime().toString();
        } else if (plain != null && !(plain instanceof String || plain instanceof Boolean)) {
            throw new Refused(kind(plain.getClass()));
        }
        return plain;
    }

    @SuppressWarnings("unchecked")
    static Value<?> fromJson(Object value) {
        if (value instanceof Map) {
            Map<String, Value> map = new LinkedHashMap<>();
            ((Map<?, ?>) value).forEach((name, one) -> map.put((String) name, fromJson(one)));
            return new DictionaryValue(map);
        } else if (value instanceof List) {
            // The interface has this method in every version of the agent.
            Value<Object> list = (Value<Object>) (Value<?>) new ListValue<>();
            list.set(((List<?>) value).stream().map(Values::fromJson).collect(Collectors.toList()));
            return list;
        } else if (value instanceof Boolean) {
            return new BooleanValue((Boolean) value);
        } else if (value instanceof Number) {
            return new NumberValue((Number) value);
        }
        return new StringValue(value == null ? "" : (String) value);
    }

    /** The kind of a value in the words of a bot author. */
    static String kind(Class<?> type) {
        return KINDS.entrySet().stream().filter(kind -> kind.getKey().isAssignableFrom(type)).map(Map.Entry::getValue)
                .findFirst().orElse("a value of the type " + type.getSimpleName());
    }
}
