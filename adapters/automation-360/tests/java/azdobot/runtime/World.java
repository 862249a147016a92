package azdobot.runtime;

import com.automationanywhere.botcommand.data.Value;
import com.automationanywhere.botcommand.data.impl.CredentialObject;
import com.automationanywhere.botcommand.data.impl.SessionValue;
import com.automationanywhere.botcommand.data.impl.StringValue;
import com.automationanywhere.core.security.SecureString;
import com.automationanywhere.toolchain.runtime.session.CloseableSessionObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * A simulator of Azure DevOps, and the sidecar's surroundings. The program in the tested jar is a script, which starts the
 * real program with the options in a file.
 */
final class World {
    /** What precedes an absolute path for the program: a drive, when the program is one for Windows. */
    static final String DRIVE = System.getProperty("test.drive", "");
    static final Path FOLDER = Path.of(System.getProperty("test.folder"));
    static final String PROGRAM = System.getenv("AZDO_BOT");
    private static World shared;

    final Process simulator;
    final String url;
    private final char[] token;

    private World() throws IOException {
        simulator = new ProcessBuilder(PROGRAM, "simulate", "--json").redirectError(ProcessBuilder.Redirect.INHERIT).start();
        Object said = Json.read(new BufferedReader(new InputStreamReader(simulator.getInputStream(), StandardCharsets.UTF_8)).readLine());
        url = (String) Json.at(said, "organizationUrl");
        token = ((String) Json.at(said, "token")).toCharArray();
        Runtime.getRuntime().addShutdownHook(new Thread(simulator::destroy));
    }

    static synchronized World shared() throws IOException {
        if (shared == null) {
            shared = new World();
        }
        return shared;
    }

    /** The options that the next sidecar gets beside its own. */
    static void options(String options) throws IOException {
        Files.writeString(FOLDER.resolve("options"), options);
    }

    /** Ends the running sidecar, so that the next Connect starts another one. */
    static void restart() throws Exception {
        Bridge bridge = bridge();
        if (bridge != null) {
            // As another program would kill it; the method of the process itself also closes its streams.
            process(bridge).toHandle().destroyForcibly();
            process(bridge).waitFor();
        }
    }

    SecureString secret() {
        return new SecureString(token);
    }

    static String peekToken() {
        return shared.text();
    }

    String text() {
        return String.valueOf(token);
    }

    /** The parameters of Connect, with a credential of the Control Room. */
    Map<String, Value> connect() {
        return connect(new CredentialObject(secret()), url);
    }

    static Map<String, Value> connect(Value<?> token, String url) {
        return parameters("authenticationMethod", new StringValue("PAT"), "personalAccessToken", token,
                "organizationUrl", new StringValue(url), "projectName", new StringValue("Fabrikam"));
    }

    /** Names and values in turn; a text is a text, and a session is one in a variable. */
    static Map<String, Value> parameters(Object... namesAndValues) {
        Map<String, Value> parameters = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            Object value = namesAndValues[i + 1];
            parameters.put((String) namesAndValues[i], value instanceof String ? new StringValue((String) value)
                    : value instanceof CloseableSessionObject
                            ? SessionValue.builder().withSessionObject((CloseableSessionObject) value).build() : (Value<?>) value);
        }
        return parameters;
    }

    static AzureDevOpsSession session(Value<?> connected) {
        return (AzureDevOpsSession) ((SessionValue) connected).getSession();
    }

    static Bridge bridge() {
        return (Bridge) peek(Bridge.class, null, "current");
    }

    static Process process(Object bridge) {
        return (Process) peek(bridge.getClass(), bridge, "process");
    }

    static Object peek(Class<?> type, Object on, String name) {
        try {
            Field field = type.getDeclaredField(name);
            field.setAccessible(true);
            return field.get(on);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }
}
