package azdobot.runtime;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.automationanywhere.core.security.SecureString;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The Control Room's credentials that open sessions use. The sidecar asks for one when it needs the token
 * ({@code credential/resolve}): it is in no argument, variable or file, and no copy of it is kept here.
 */
final class Locker {
    /** More than the buffer of the process's output stream, which would keep a copy of a shorter line. */
    private static final int UNBUFFERED = 1 << 16;

    /** The name of the locker: random, so that no bot can write it. */
    final String name = UUID.randomUUID().toString();
    private final Map<Object, SecureString> lent = new ConcurrentHashMap<>();
    private final Set<Object> gone = ConcurrentHashMap.newKeySet();

    /** Lends a credential under a name until it is taken back, and returns it as an input. */
    Map<String, Object> lend(String id, SecureString token) {
        lent.put(id, token);
        return Map.of("lockerName", name, "name", id, "attributeName", "token");
    }

    void takeBack(String id) {
        lent.remove(id);
        gone.remove(id);
    }

    /** Whether the agent had already closed the credential when the sidecar asked for it. */
    boolean wasGone(String id) {
        return gone.contains(id);
    }

    /** The response to a request for a credential; the caller wipes it. */
    byte[] answer(Object request, Object id) {
        ByteBuffer line = ByteBuffer.allocate(UNBUFFERED);
        line.put(US_ASCII.encode("{\"jsonrpc\":\"2.0\",\"id\":\"" + request + "\",\"result\":{\"token\":\""));
        // A closed credential gives NUL characters, or an error in another version of the agent.
        boolean[] readable = {false};
        SecureString token = lent.get(id);
        try {
            Objects.requireNonNull(token).accessChars(chars -> {
                for (char one : chars) {
                    readable[0] |= one != 0;
                    put(line, one);
                }
            });
        } catch (RuntimeException e) {
            readable[0] = false;
        }
        if (!readable[0]) {
            // Not if it was taken back meanwhile: nothing would remove it.
            gone.addAll(token == null ? Set.of() : Set.of(id));
            Arrays.fill(line.array(), (byte) 0);
            return Json.line(Map.of("id", request, "error", Map.of("code", -32000, "message", "not here")));
        }
        line.put(US_ASCII.encode("\"}}"));
        while (line.remaining() > 1) {
            line.put((byte) ' ');
        }
        return line.put((byte) '\n').array();
    }

    /** Writes a character as JSON can write every character. */
    private static void put(ByteBuffer line, char one) {
        line.put((byte) '\\').put((byte) 'u');
        for (int shift = 12; shift >= 0; shift -= 4) {
            line.put((byte) Character.forDigit(one >> shift & 15, 16));
        }
    }
}
