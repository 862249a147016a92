package azdobot.runtime;

import com.automationanywhere.botcommand.data.Value;
import com.automationanywhere.botcommand.data.impl.DictionaryValue;
import com.automationanywhere.botcommand.data.impl.NumberValue;
import com.automationanywhere.botcommand.data.impl.SessionValue;
import com.automationanywhere.botcommand.data.impl.StringValue;
import java.util.HashMap;
import java.util.Map;

/**
 * A release day with a package as it is released, whose own program is unpacked and started. Only the operator's file says
 * that the simulator on this machine may be used.
 */
public final class ReleaseDay {
    private static final String SESSION = "Release";

    private final FakeAgent bot = new FakeAgent();

    private ReleaseDay() {}

    private Value<?> run(String action, Object... namesAndValues) {
        Map<String, Value> parameters = new HashMap<>(World.parameters(namesAndValues));
        parameters.put("session", new SessionValue(SESSION));
        return bot.child().run(action, parameters);
    }

    private static Object field(Value<?> dictionary, String name) {
        return ((DictionaryValue) dictionary).get().get(name).get();
    }

    private String release() throws Exception {
        bot.global(SESSION, bot.run("connect", World.shared().connect()));
        run("createRepository", "name", "notes");
        Map<String, Value> files = new HashMap<>();
        files.put("/azure-pipelines.yml", new StringValue("steps:\n- script: echo released\n"));
        run("commitFiles", "repository", "notes", "branch", "main", "message", "A pipeline", "files", new DictionaryValue(files));
        run("createPipeline", "name", "notes", "repository", "notes", "path", "/azure-pipelines.yml");
        Value<?> started = run("runPipeline", "pipeline", "notes", "branch", "main");
        Value<?> ended = run("waitForPipelineRun", "id", new NumberValue((Number) field(started, "id")));
        bot.endAll();
        return (String) field(ended, "result");
    }

    public static void main(String[] arguments) throws Exception {
        String result = new ReleaseDay().release();
        System.out.println("release day: " + result);
        System.exit("succeeded".equals(result) ? 0 : 1);
    }
}
