package azdobot.runtime;

import com.automationanywhere.bot.service.GlobalSessionContext;
import com.automationanywhere.botcommand.BotCommand;
import com.automationanywhere.botcommand.data.Value;
import com.automationanywhere.botcommand.data.impl.SessionValue;
import com.automationanywhere.botcommand.exception.BotCommandException;
import com.automationanywhere.core.security.SecureString;
import java.io.IOException;
import java.lang.ref.Reference;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** An action of the package. The subclasses are generated: they name the action and its fields. */
public abstract class Action implements BotCommand {
    /** How much longer than its own limit an action may take before the sidecar is stopped, in milliseconds. */
    static long slack = 15_000;
    /** The limit of an action without a field for it, and the longest default of such a field, in seconds. */
    private static final long[] LIMITS = {55, 3600};
    /** The codes of a call that needed the credential: Connect, and a call whose token the service refused. */
    private static final Set<String> GONE = Set.of("credential.not_found", "auth.failed");
    /** Whether the sidecar, which has the environment of the agent, is part of a run tree of several processes. */
    static final boolean IN_RUN_TREE = System.getenv("AZDO_RUN_TREE") != null;
    /** The values of fields that are not texts, by the type of the attribute. */
    private static final Map<String, Class<?>> TYPES = Map.of("NUMBER", Number.class, "CHECKBOX", Boolean.class,
            "BOOLEAN", Boolean.class, "LIST", List.class, "DICTIONARY", Map.class, "CREDENTIAL", SecureString.class);

    final String label;
    private final String name;
    private final boolean changes;
    private final Returns returns;
    private final Map<String, String> types = new LinkedHashMap<>();
    private final Map<String, String> labels = new LinkedHashMap<>();

    protected Action(String name, String label, boolean changes, Returns returns) {
        this.name = name;
        this.label = label;
        this.changes = changes;
        this.returns = returns;
    }

    /** Adds a field; {@code type} is that of the attribute in {@code package.json}. */
    protected final void field(String name, String label, String type) {
        types.put(name, type);
        labels.put(name, label);
    }

    @Override
    public Optional<Value> execute(Map<String, Value> parameters, Map<String, Object> sessionMap) {
        return execute(null, parameters, sessionMap);
    }

    @Override
    public Optional<Value> execute(
            GlobalSessionContext context, Map<String, Value> parameters, Map<String, Object> sessionMap) {
        AzureDevOpsSession session = null;
        Map<String, Object> inputs = new LinkedHashMap<>();
        for (String field : types.keySet()) {
            Value<?> given = parameters.get(field);
            Object value = given == null ? null : given.get();
            if (types.get(field).equals("SESSION")) {
                session = session(context, field, given, value, sessionMap);
                inputs.put(field, session == null ? null : session.open.handle == null ? value : session.open.handle);
            } else if (value != null && !value.equals("")) {
                // An empty field has its default, and so has one without a value.
                inputs.put(field, converted(field, value));
            }
        }
        return Optional.ofNullable(run(context, inputs, session));
    }

    /** Not used: every action returns one value. */
    @Override
    public Map<String, Value> executeAndReturnMany(
            GlobalSessionContext context, Map<String, Value> parameters, Map<String, Object> sessionMap) {
        return null;
    }

    /** Runs the action; only Check session has no session if there is no open one. */
    Value<?> run(GlobalSessionContext context, Map<String, Object> inputs, AzureDevOpsSession session) {
        if (session == null) {
            return Values.fromJson(Map.of("open", false));
        }
        Map<?, ?> outputs = (Map<?, ?>) Json.at(send(context, session.open, inputs, Map.of()), "outputs");
        if (name.equals("disconnect")) {
            session.open.handle = null;
            session.close("Disconnect");
        }
        // A session in use is not garbage.
        Reference.reachabilityFence(session);
        if (returns == Returns.NOTHING || returns == Returns.DICTIONARY) {
            return returns == Returns.NOTHING ? null : Values.fromJson(outputs);
        }
        Class<?> type = TYPES.getOrDefault(returns.name(), String.class);
        return outputs.values().stream().filter(type::isInstance).findFirst().map(Values::fromJson).orElse(null);
    }

    /** Sends the action to the sidecar and returns the result; {@code more} is in the request beside the inputs. */
    Object send(GlobalSessionContext by, AzureDevOpsSession.Open in, Map<String, Object> inputs, Map<String, ?> more) {
        Map<String, Object> params = new LinkedHashMap<>(more);
        // The audit trail of the sidecar has the bot, if the agent states it.
        Map<String, ?> place = Map.of("bot", Objects.toString(Agent.call(by, "getBotUri"), ""));
        params.putAll(Map.of("botRun", in.botRun.id, "action", name, "inputs", inputs, "place", place));
        Object given = inputs.get("timeLimit");
        long limit = given instanceof Long ? (Long) given : LIMITS[types.containsKey("timeLimit") ? 1 : 0];
        Object response;
        try {
            response = in.bridge.call("action/execute", params, limit * 1000 + slack);
        } catch (Bridge.Ended e) {
            throw !e.sent || !changes(inputs) ? ended(e)
                    : Failure.of("service.outcome_unknown", died(e) + " The change may have been carried out",
                            "Check whether it was carried out, then connect again");
        }
        Object error = Json.at(response, "error");
        if (in.bridge.locker.wasGone(in.lent) && GONE.contains(Failure.code(error))) {
            throw Failure.of("credential.not_found", label + ": Azure DevOps requires the credential of the session,"
                    + " which the agent has removed from its memory", "Connect again with the credential");
        } else if (error != null) {
            throw Failure.of(error, labels);
        }
        Object warnings = Json.at(response, "result", "warnings");
        for (Object warning : warnings == null ? List.of() : (List<?>) warnings) {
            // The agent does not tell a text that was typed in from one of a variable.
            Object message = Json.at(warning, "code").equals("credential.insecure_string")
                    ? "the token is a plain text; keep it in a credential" : Json.at(warning, "message");
            Agent.log(System.Logger.Level.WARNING, label + ": " + message);
        }
        return Json.at(response, "result");
    }

    /** Whether the action may change something, so that its outcome is unknown without a response. */
    boolean changes(Map<String, Object> inputs) {
        return changes;
    }

    final BotCommandException ended(Bridge.Ended how) {
        return Failure.of("host.sidecar_ended", died(how) + " Its sessions have ended with it", "Connect again");
    }

    private String died(Bridge.Ended how) {
        return label + ": " + Failure.sentence("the program azdo-bot " + how.getMessage());
    }

    private Object converted(String field, Object value) {
        Class<?> type = TYPES.getOrDefault(types.get(field), String.class);
        try {
            if (type == SecureString.class && value instanceof SecureString) {
                return value;
            } else if (!type.isInstance(value) && !(type == SecureString.class && value instanceof String)) {
                throw new Values.Refused(Values.kind(value.getClass()) + " instead of " + Values.kind(type));
            }
            return Values.toJson(value);
        } catch (Values.Refused e) {
            throw refused("input.invalid", field, "has " + e.getMessage(),
                    "Correct the field, or convert its variable before this action");
        }
    }

    /** The open session of a field; null for Check session if there is none. */
    private AzureDevOpsSession session(GlobalSessionContext by, String field, Value<?> given, Object name, Map<String, ?> sessionMap) {
        boolean inVariable = given instanceof SessionValue && ((SessionValue) given).hasObjectValue();
        Object found = inVariable ? Agent.call(given, "getSession") : name == null || sessionMap == null ? null : sessionMap.get(name);
        AzureDevOpsSession own = found instanceof AzureDevOpsSession ? (AzureDevOpsSession) found : null;
        if (own != null && !own.isClosed()) {
            return own;
        } else if (found == null && name != null && IN_RUN_TREE) {
            // Another process may have opened it, under this name: here it has no handle.
            return new AzureDevOpsSession(opening(by), "in the run tree");
        } else if (this.name.equals("checkSession") && (own != null || found == null)) {
            return null;
        } else if (found == null) {
            throw refused("session.not_found", field, "names no open session" + (name == null ? "" : " \"" + name + "\""),
                    "Connect first. Other bots do not see a local session");
        } else if (own == null && found.getClass().getName().equals(AzureDevOpsSession.class.getName())) {
            throw refused("session.wrong_type", field, "has a session of another version of this package",
                    "Use the same version of the package in the parent and the child bot");
        } else if (own == null) {
            throw refused("session.wrong_type", field, "has a session of another package",
                    "Use the session of Connect of this package");
        } else if (own.closedBy() == null) {
            throw ended(own.open.bridge.ended(false));
        }
        throw refused("session.closed", field, "has a session that was closed by " + own.closedBy(),
                "Connect again, or move the action before that");
    }

    /** A session to be opened; the sidecar is started if there is none. */
    final AzureDevOpsSession.Open opening(GlobalSessionContext context) {
        try {
            return new AzureDevOpsSession.Open(Bridge.started(Settings.proxy(Agent.call(context, "getProxyConfig"))),
                    String.valueOf(Agent.call(context, "getExecutionId")));
        } catch (Bridge.Ended e) {
            throw ended(e);
        } catch (IOException e) {
            // The exceptions of the file system have only a path as their message.
            String why = e.getClass() == IOException.class ? e.getMessage() : e.toString();
            throw Thread.currentThread().isInterrupted() ? Failure.of("cancelled", label + ": the bot was stopped", "")
                    : Failure.of("host.program_unusable", label + ": the program azdo-bot cannot be started. " + why,
                            "This is corrected on this machine or in the package, not in the bot");
        }
    }

    private BotCommandException refused(String code, String field, String what, String help) {
        return Failure.of(code, label + ": the field \"" + labels.get(field) + "\" " + what, help);
    }
}
