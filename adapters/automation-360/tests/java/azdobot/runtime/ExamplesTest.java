package azdobot.runtime;

import com.automationanywhere.botcommand.data.Value;
import com.automationanywhere.botcommand.data.impl.BooleanValue;
import com.automationanywhere.botcommand.data.impl.DictionaryValue;
import com.automationanywhere.botcommand.data.impl.ListValue;
import com.automationanywhere.botcommand.data.impl.NumberValue;
import com.automationanywhere.botcommand.data.impl.SessionValue;
import com.automationanywhere.botcommand.data.impl.StringValue;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The examples of every action run as the agent calls them, in the world of the other hosts' tests. */
final class ExamplesTest {
    private static final Path EXAMPLES = Path.of(System.getProperty("test.root"), "tests", "it", "flow", "examples");
    private static final Map<String, Class<?>> TYPES = Map.of("NOTHING", Void.class, "DICTIONARY", DictionaryValue.class,
            "LIST", ListValue.class, "TEXT", StringValue.class, "NUMBER", NumberValue.class, "BOOLEAN", BooleanValue.class,
            "SESSION", SessionValue.class);

    private static Object read(Path file) throws Exception {
        return Json.read(Files.readString(file));
    }

    private static Value<?> value(Object json) {
        if (json instanceof Map) {
            Map<String, Value> map = new LinkedHashMap<>();
            ((Map<?, ?>) json).forEach((name, one) -> map.put((String) name, value(one)));
            return new DictionaryValue(map);
        } else if (json instanceof List) {
            ListValue<Object> list = new ListValue<>();
            List<Object> values = new ArrayList<>();
            ((List<?>) json).forEach(one -> values.add(value(one)));
            list.set(values);
            return list;
        }
        return json instanceof Number ? new NumberValue((Number) json)
                : json instanceof Boolean ? new BooleanValue((Boolean) json) : new StringValue((String) json);
    }

    /** The inputs of an example as parameters: only a session by name is not what its JSON says. */
    private static Map<String, Value> parameters(Object inputs, String session) {
        Map<String, Value> parameters = new HashMap<>();
        ((Map<?, ?>) inputs).forEach((name, one) -> parameters.put((String) name, value(one)));
        parameters.put("session", new SessionValue(session));
        return parameters;
    }

    private static final Map<String, Object> CONNECT = Map.of("personalAccessToken", "env:AZDO_PAT",
            "organizationUrl", "https://dev.azure.com/fabrikam", "projectName", "Fabrikam");

    public void the_examples_of_every_action_run() throws Exception {
        Process described = new ProcessBuilder(World.PROGRAM, "actions", "--json").start();
        Object description = Json.read(new String(described.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        // The world has everything else that the examples use.
        List<?> before = (List<?>) read(EXAMPLES.resolve("files.json"));
        int actions = 0;
        for (Object action : (List<?>) Json.at(description, "actions")) {
            String name = (String) Json.at(action, "name");
            for (Object example : (List<?>) Json.at(action, "examples")) {
                String title = name + ": " + Json.at(example, "title");
                Object inputs = Json.at(example, "inputs");
                String session = Json.at(inputs, "session") == null ? "Default" : (String) Json.at(inputs, "session");
                // A world of its own: two examples may create the same resource.
                World.restart();
                World.options("--simulate --world examples");
                FakeAgent bot = new FakeAgent();
                try {
                    if (!name.equals("connect")) {
                        bot.local(session, bot.run("connect", parameters(CONNECT, session)));
                        for (Object call : before) {
                            bot.run((String) Json.at(call, "action"), parameters(Json.at(call, "inputs"), session));
                        }
                    }
                    Value<?> returned = bot.run(name, parameters(inputs, session));
                    Class<?> type = TYPES.get(Json.at(action, "returns", "kind"));
                    Check.that(returned == null ? type == Void.class : type.isInstance(returned), title + " returns " + returned);
                } catch (RuntimeException e) {
                    throw new AssertionError(title, e);
                }
                bot.endAll();
            }
            actions++;
        }
        World.restart();
        System.out.println("        " + actions + " actions");
        Check.that(actions >= 67, "there are more actions");
    }
}
