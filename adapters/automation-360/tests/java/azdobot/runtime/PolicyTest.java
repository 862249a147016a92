package azdobot.runtime;

import com.automationanywhere.botcommand.data.Value;
import com.automationanywhere.botcommand.data.impl.SessionValue;
import com.automationanywhere.botcommand.data.impl.StringValue;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.logging.log4j.LogManager;

/** Each rule of the operator's policy is refused with the words of the program itself. The other hosts break the same rules. */
final class PolicyTest {
    private static final Path RULES = Path.of(System.getProperty("test.root"), "tests", "it", "cli", "policy_rules.json");
    private static final Map<String, Object> CONNECT = Map.of("personalAccessToken", "env:AZDO_PAT",
            "organizationUrl", "https://dev.azure.com/fabrikam", "projectName", "Fabrikam");

    private static Map<String, Object> inputs(Object call) {
        Map<String, Object> inputs = new HashMap<>(((List<?>) call).get(0).equals("connect") ? CONNECT : Map.of());
        ((Map<?, ?>) ((List<?>) call).get(1)).forEach((name, value) -> inputs.put((String) name, value));
        return inputs;
    }

    /** The error of the last call, from a process of the program without this package. */
    private static String byProgram(Path config, List<?> calls) throws Exception {
        Process process = new ProcessBuilder(World.PROGRAM, "serve", "--simulate", "--config", config.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        List<Map<String, ?>> requests = new ArrayList<>(List.of(
                Map.of("id", 1, "method", "initialize", "params", Map.of("protocol", Map.of("min", 1, "max", 1))),
                Map.of("id", 1, "method", "botRun/start", "params", Map.of("id", "root"))));
        for (Object call : calls) {
            Map<String, Object> params = new HashMap<>(Map.of("botRun", "root", "action", ((List<?>) call).get(0), "inputs", inputs(call)));
            if (((List<?>) call).get(0).equals("connect")) {
                params.put("target", Map.of("scope", requests.size() == 2 ? "LOCAL" : "VARIABLE"));
            }
            requests.add(Map.of("id", 1, "method", "action/execute", "params", params));
        }
        String last = "";
        try (OutputStream out = process.getOutputStream();
                BufferedReader in = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (Map<String, ?> request : requests) {
                out.write(Json.line(request));
                out.flush();
                last = in.readLine();
            }
        }
        process.waitFor();
        return Failure.of(Json.at(Json.read(last), "error"), Map.of()).getMessage();
    }

    /** The error of the last call in a bot of its own. */
    private static String byBot(List<?> calls) {
        FakeAgent bot = new FakeAgent();
        try {
            for (Object call : calls.subList(0, calls.size() - 1)) {
                run(bot, call);
            }
            return Check.failure(() -> run(bot, calls.get(calls.size() - 1)));
        } finally {
            bot.endAll();
        }
    }

    private static void run(FakeAgent bot, Object call) {
        String action = (String) ((List<?>) call).get(0);
        Map<String, Value> parameters = new HashMap<>();
        inputs(call).forEach((name, value) -> parameters.put(name, new StringValue((String) value)));
        if (action.equals("connect")) {
            bot.local("Default", bot.run(action, parameters));
        } else {
            parameters.put("session", new SessionValue("Default"));
            bot.run(action, parameters);
        }
    }

    public void each_rule_is_refused_with_the_words_of_the_program() throws Exception {
        for (Object policy : (List<?>) Json.read(Files.readString(RULES))) {
            Path config = World.FOLDER.resolve("policy.toml");
            Files.writeString(config, ((List<?>) Json.at(policy, "policy")).stream().map(String::valueOf).collect(Collectors.joining("\n")));
            World.restart();
            World.options("--simulate --config " + config);
            for (Object rule : (List<?>) Json.at(policy, "refused")) {
                List<?> calls = (List<?>) Json.at(rule, "calls");
                String expected = byProgram(config, calls);
                Check.has(expected, "policy.denied: ");
                Check.has(expected, (String) Json.at(rule, "rule"));
                Check.equal(expected, byBot(calls));
            }
        }
        World.restart();
    }

    public void denied_actions_are_in_the_log_when_the_sidecar_starts() throws Exception {
        Path config = World.FOLDER.resolve("policy.toml");
        Files.writeString(config, "[actions]\ndeny = [\"deleteRepository\", \"group:approvals\"]\n");
        World.restart();
        World.options("--simulate --config " + config);
        LogManager.LINES.clear();
        new FakeAgent().run("connect", World.connect(new StringValue("env:AZDO_PAT"), "https://dev.azure.com/fabrikam"));
        String log = String.join("\n", LogManager.LINES);
        Check.has(log, "Denied by the operator's policy: deleteRepository: actions.deny = \"deleteRepository\" (" + config + ", line 2, column ");
        Check.has(log, "listPipelineApprovals, decidePipelineApproval, listReleaseApprovals, decideReleaseApproval, authorizePipeline: "
                + "actions.deny = \"group:approvals\" (");
        World.restart();
    }
}
