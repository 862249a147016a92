package azdobot.runtime;

import java.util.Map;
import java.util.UUID;

/**
 * A bot run of the sidecar: one for each execution of a bot that has open sessions, so that the operator's limits of a
 * bot run hold. The agent does not report the end of a bot: a bot run ends with the last of its sessions.
 */
final class BotRun {
    final String id;
    private final Bridge bridge;
    private final String execution;
    private int sessions;

    private BotRun(Bridge bridge, String execution) {
        this.bridge = bridge;
        this.execution = execution;
        // The audit file shows the execution. The rest is new each time: an ended bot run does not start again.
        this.id = execution.replaceAll("(?s)\\p{Cntrl}|(?<=^.{80}).*", "") + "/" + UUID.randomUUID();
    }

    /** The bot run of an execution, for one more session. */
    static BotRun enter(Bridge bridge, String execution) throws Bridge.Ended {
        synchronized (bridge.botRuns) {
            BotRun run = bridge.botRuns.get(execution);
            if (run == null) {
                run = new BotRun(bridge, execution);
                bridge.call("botRun/start", Map.of("id", run.id));
                bridge.botRuns.put(execution, run);
            }
            run.sessions++;
            return run;
        }
    }

    /** Ends a session, and with the last one the bot run; the handle is null if there is nothing to close. */
    void leave(String handle) throws Bridge.Ended {
        if (handle != null) {
            // The end of the bot run closes no session with a name in the run tree, and leaves no line in the audit trail.
            bridge.call("action/execute", Map.of("botRun", id, "action", "disconnect", "inputs", Map.of("session", handle)));
        }
        boolean isLast;
        synchronized (bridge.botRuns) {
            isLast = --sessions == 0 && bridge.botRuns.remove(execution, this);
        }
        if (isLast) {
            bridge.call("botRun/end", Map.of("id", id));
        }
    }
}
