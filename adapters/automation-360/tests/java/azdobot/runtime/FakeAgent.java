package azdobot.runtime;

import com.automationanywhere.bot.service.GlobalSessionContext;
import com.automationanywhere.botcommand.data.Value;
import com.automationanywhere.botcommand.data.impl.SessionValue;
import com.automationanywhere.toolchain.runtime.session.CloseableSessionObject;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * One bot in a fake agent, whose session containers behave as they were measured in the vendor's: plain ordered maps; the
 * global one is shared; a name that is taken is overwritten without closing its session; the end of a bot closes
 * everything in order, also what is closed already or stands there twice.
 */
final class FakeAgent implements GlobalSessionContext {
    private static final String COMMANDS = "azdobot.commands.";

    private final ClassLoader loader;
    private final String execution = UUID.randomUUID().toString();
    private final Map<String, Object> local = new LinkedHashMap<>();
    private final Map<String, Object> global;
    Object proxy;

    FakeAgent() {
        this(FakeAgent.class.getClassLoader(), new LinkedHashMap<>());
    }

    private FakeAgent(ClassLoader loader, Map<String, Object> global) {
        this.loader = loader;
        this.global = global;
    }

    /** A child bot, whose package may come from another class loader. */
    FakeAgent child(ClassLoader loader) {
        return new FakeAgent(loader, global);
    }

    FakeAgent child() {
        return child(loader);
    }

    @Override
    public String getExecutionId() {
        return execution;
    }

    @Override
    public String getBotUri() {
        return "repository:///Bots/Release%20day?fileId=7";
    }

    @Override
    public Object getProxyConfig() {
        return proxy;
    }

    /** Runs an action; a session without an object is found by its name, as the agent's finder does it. */
    Value<?> run(String action, Map<String, Value> parameters) {
        try {
            String name = COMMANDS + action.substring(0, 1).toUpperCase() + action.substring(1) + "Command";
            Object command = loader.loadClass(name).getConstructor().newInstance();
            return ((com.automationanywhere.botcommand.BotCommand) command)
                    .execute(this, parameters, new Sessions()).orElse(null);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    /** Local before global; a closed local session does not hide an open global one. */
    private final class Sessions extends HashMap<String, Object> {
        @Override
        public Object get(Object name) {
            Object found = local.get(name);
            Object open = global.get(name);
            boolean closed = found == null || ((CloseableSessionObject) found).isClosed();
            return closed && open != null && !((CloseableSessionObject) open).isClosed() ? open
                    : found == null ? open : found;
        }
    }

    void local(String name, Value<?> session) {
        local.put(name, ((SessionValue) session).getSession());
    }

    void global(String name, Value<?> session) {
        global.put(name, ((SessionValue) session).getSession());
    }

    /** The end of this bot. */
    void end() {
        clear(local);
    }

    /** The end of the root bot. */
    void endAll() {
        clear(local);
        clear(global);
    }

    private static void clear(Map<String, Object> sessions) {
        for (Object session : sessions.values()) {
            try {
                ((CloseableSessionObject) session).close();
            } catch (Exception e) {
                throw new AssertionError("the agent logs this: a session must not fail to close", e);
            }
        }
        sessions.clear();
    }
}
