package azdobot.runtime;

import com.automationanywhere.toolchain.runtime.session.CloseableSessionObject;
import java.lang.ref.Cleaner;
import java.util.Map;
import java.util.UUID;

/**
 * A session of Azure DevOps in the agent's session containers or in a session variable.
 *
 * <p>The agent names and scopes it. The sidecar opens every session for a variable, or with a name in the run tree, and
 * this object has its handle and the bot run in which it was opened, which actions of other bots use too. The agent does
 * not close a session whose name another one takes: it is closed when this object is garbage.
 */
public final class AzureDevOpsSession implements CloseableSessionObject {
    private static final Cleaner CLEANER = Cleaner.create();

    final Open open;
    private final String description;
    private final Cleaner.Cleanable closing;

    /** What is closed. It must not refer to the session, which would never be garbage. */
    static final class Open implements Runnable {
        final Bridge bridge;
        final BotRun botRun;
        /** The name under which the credential is lent. */
        final String lent = UUID.randomUUID().toString();
        /** Null before Connect has succeeded, and after Disconnect. */
        volatile String handle;
        private volatile String closedBy;

        Open(Bridge bridge, String execution) throws Bridge.Ended {
            this.bridge = bridge;
            this.botRun = BotRun.enter(bridge, execution);
        }

        @Override
        public void run() {
            bridge.locker.takeBack(lent);
            try {
                botRun.leave(handle);
            } catch (Bridge.Ended e) {
                // It has ended with the sidecar.
            }
        }
    }

    AzureDevOpsSession(Open open, String description) {
        this.open = open;
        this.description = description;
        this.closing = CLEANER.register(this, open);
    }

    @Override
    public boolean isClosed() {
        return open.closedBy != null || open.bridge.ended();
    }

    /** Closes the session. The agent calls this at the end of the bot, more than once for some sessions. */
    @Override
    public void close() {
        close("the end of its bot");
    }

    synchronized void close(String by) {
        open.closedBy = open.closedBy == null ? by : open.closedBy;
        closing.clean();
    }

    /** What closed the session; null if it is the end of the sidecar. */
    String closedBy() {
        return open.closedBy;
    }

    /** For the agent's trace log, which shows parameters and sessions: no handle and no credential. */
    @Override
    public String toString() {
        return "Azure DevOps session (" + (isClosed() ? "closed" : "open") + ", " + description + ")";
    }
}
