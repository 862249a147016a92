package azdobot.runtime;

import com.automationanywhere.bot.service.GlobalSessionContext;
import com.automationanywhere.botcommand.data.Value;
import com.automationanywhere.botcommand.data.impl.SessionValue;
import com.automationanywhere.core.security.SecureString;
import java.util.Map;
import java.util.Objects;

/** Connect: starts the sidecar if there is none, lends it the credential and returns the session. */
public abstract class Connect extends Action {
    protected Connect(String name, String label, boolean changes, Returns returns) {
        super(name, label, changes, returns);
    }

    @Override
    Value<?> run(GlobalSessionContext context, Map<String, Object> inputs, AzureDevOpsSession none) {
        AzureDevOpsSession.Open open = opening(context);
        Value<?> value = null;
        try {
            inputs.replaceAll((field, given) -> given instanceof SecureString
                    ? open.bridge.locker.lend(open.lent, (SecureString) given) : given);
            Object name = inputs.remove("runTreeName");
            Map<String, ?> target = name != null && IN_RUN_TREE ? Map.of("scope", "GLOBAL", "name", name) : Map.of("scope", "VARIABLE");
            Object result = send(context, open, inputs, Map.of("target", target));
            open.handle = (String) Json.at(result, "session");
            AzureDevOpsSession session = new AzureDevOpsSession(open,
                    Json.at(result, "outputs", "organizationUrl") + ", " + Json.at(result, "outputs", "projectName"));
            value = (Value<?>) Agent.call(Agent.call(Agent.call(SessionValue.class, "builder"), "withSessionObject", session), "build");
            return Objects.requireNonNull(value, "this agent makes no value of a session");
        } finally {
            if (value == null) {
                open.run();
            }
        }
    }

    /** Connect reads, unless it may create the project. */
    @Override
    boolean changes(Map<String, Object> inputs) {
        return super.changes(inputs) || "CREATE".equals(inputs.get("ifProjectMissing"));
    }
}
