package azdobot.runtime;

import com.automationanywhere.botcommand.data.Value;
import com.automationanywhere.botcommand.data.impl.CredentialObject;
import com.automationanywhere.botcommand.data.impl.NumberValue;
import com.automationanywhere.botcommand.exception.BotCommandException;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.LogManager;

/** The sidecar is killed, hangs or ends with the JVM; a bot is stopped. */
final class SidecarTest {
    private final FakeAgent bot = new FakeAgent();

    private AzureDevOpsSession connect(String url) throws Exception {
        return World.session(bot.run("connect", World.connect(new CredentialObject(World.shared().secret()), url)));
    }

    private Value<?> create(AzureDevOpsSession session, String name) {
        return bot.run("createRepository", World.parameters("session", session, "name", name));
    }

    private Value<?> list(AzureDevOpsSession session) {
        return bot.run("listRepositories", World.parameters("session", session));
    }

    private static final String ENDED = ": the program azdo-bot has ended (exit code 137)";
    private static final String CONNECT_AGAIN = ". Its sessions have ended with it. Connect again.";
    private static final String UNKNOWN = ". The change may have been carried out. Check whether it was carried out, then connect again.";

    /** The failure of work that a thread does, after something was done while its request is in flight. */
    private static String failure(Gate gate, Check.Work work, Work then) throws Exception {
        CompletableFuture<String> failure = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                String message = Check.failure(work);
                failure.complete((Thread.currentThread().isInterrupted() ? "interrupted: " : "") + message);
            } catch (Throwable e) {
                failure.completeExceptionally(e);
            }
        });
        thread.start();
        gate.arrives();
        then.with(thread);
        return failure.get(120, TimeUnit.SECONDS);
    }

    private interface Work {
        void with(Thread thread) throws Exception;
    }

    private static void kill(Object ignored) throws Exception {
        World.restart();
    }

    public void a_sidecar_that_was_killed_between_actions_ends_its_sessions_and_the_next_connect_starts_another() throws Exception {
        AzureDevOpsSession session = connect(World.shared().url);
        long first = World.process(World.bridge()).pid();
        World.restart();
        Check.that(session.isClosed(), "it is open");
        Check.fails("host.sidecar_ended: List repositories" + ENDED + CONNECT_AGAIN, () -> list(session));
        Check.fails("host.sidecar_ended: Create repository" + ENDED + CONNECT_AGAIN, () -> create(session, "never"));
        session.close();
        AzureDevOpsSession next = connect(World.shared().url);
        Check.that(World.process(World.bridge()).pid() != first, "it is another process");
        Check.has(Check.failure(() -> list(session)), "session.closed: ");
        Check.that(!((List<?>) list(next).get()).isEmpty(), "it lists nothing");
        next.close();
    }

    public void a_sidecar_that_was_killed_before_the_first_action_is_reported() throws Exception {
        AzureDevOpsSession session = connect(World.shared().url);
        World.restart();
        Check.fails("host.sidecar_ended: List repositories" + ENDED + CONNECT_AGAIN, () -> list(session));
    }

    public void the_outcome_of_a_change_is_unknown_when_the_sidecar_is_killed_during_it() throws Exception {
        try (Gate gate = new Gate(World.shared().url, "POST .*/_apis/git/repositories")) {
            AzureDevOpsSession session = connect(gate.url());
            Check.equal("service.outcome_unknown: Create repository" + ENDED + UNKNOWN,
                    failure(gate, () -> create(session, "killed"), SidecarTest::kill));
        }
    }

    public void a_read_fails_when_the_sidecar_is_killed_during_it() throws Exception {
        try (Gate gate = new Gate(World.shared().url, "GET .*/_apis/git/repositories")) {
            AzureDevOpsSession session = connect(gate.url());
            Check.equal("host.sidecar_ended: List repositories" + ENDED + CONNECT_AGAIN,
                    failure(gate, () -> list(session), SidecarTest::kill));
        }
    }

    public void connect_fails_when_the_sidecar_is_killed_during_it() throws Exception {
        try (Gate gate = new Gate(World.shared().url, ".*/_apis/connectionData")) {
            Check.equal("host.sidecar_ended: Connect" + ENDED + CONNECT_AGAIN,
                    failure(gate, () -> connect(gate.url()), SidecarTest::kill));
        }
    }

    public void an_interrupt_cancels_a_read() throws Exception {
        try (Gate gate = new Gate(World.shared().url, "GET .*/_apis/git/repositories")) {
            AzureDevOpsSession session = connect(gate.url());
            Check.has(failure(gate, () -> list(session), Thread::interrupt), "interrupted: cancelled: ");
            session.close();
        }
    }

    public void an_interrupt_during_a_change_leaves_its_outcome_unknown() throws Exception {
        try (Gate gate = new Gate(World.shared().url, "POST .*/_apis/git/repositories")) {
            AzureDevOpsSession session = connect(gate.url());
            Check.has(failure(gate, () -> create(session, "interrupted"), Thread::interrupt), "interrupted: service.outcome_unknown: ");
            Check.that(!session.isClosed(), "the session stays open");
            session.close();
        }
    }

    public void an_interrupt_cancels_connect_and_leaves_no_session() throws Exception {
        try (Gate gate = new Gate(World.shared().url, ".*/_apis/connectionData")) {
            Check.has(failure(gate, () -> connect(gate.url()), Thread::interrupt), "interrupted: cancelled: ");
        }
        AzureDevOpsSession next = connect(World.shared().url);
        next.close();
    }

    public void a_bot_that_was_stopped_before_connect_does_not_connect() throws Exception {
        for (boolean runs : new boolean[] {true, false}) {
            connect(World.shared().url).close();
            if (!runs) {
                World.restart();
            }
            Thread.currentThread().interrupt();
            String failure = Check.failure(() -> connect(World.shared().url));
            Check.that(Thread.interrupted(), "the thread is no longer interrupted");
            Check.has(failure, "cancelled: ");
        }
    }

    /** Stops the process as a whole: it neither reads nor answers. */
    private static void hang(Object ignored) throws Exception {
        new ProcessBuilder("kill", "-STOP", String.valueOf(World.process(World.bridge()).pid())).start().waitFor();
    }

    private static String withShortLimits(Gate gate, Check.Work work) throws Exception {
        long[] usual = {Action.slack, Bridge.grace};
        Action.slack = 0;
        Bridge.grace = 100;
        try {
            return failure(gate, work, SidecarTest::hang);
        } finally {
            Action.slack = usual[0];
            Bridge.grace = usual[1];
        }
    }

    public void a_sidecar_that_hangs_is_stopped_after_the_limit_of_the_action() throws Exception {
        try (Gate gate = new Gate(World.shared().url, "GET .*/(runs|builds)/[0-9]+")) {
            AzureDevOpsSession session = connect(gate.url());
            bot.run("runPipeline", World.parameters("session", session, "pipeline", "site"));
            Map<String, Value> wait = World.parameters("session", session, "id", new NumberValue(1), "timeLimit", new NumberValue(2));
            Process sidecar = World.process(World.bridge());
            Check.equal("host.sidecar_ended: Wait for pipeline run: the program azdo-bot did not respond and was stopped" + CONNECT_AGAIN,
                    withShortLimits(gate, () -> bot.run("waitForPipelineRun", wait)));
            sidecar.waitFor();
            Check.that(session.isClosed(), "its session is open");
        }
    }

    public void a_long_request_to_a_sidecar_that_hangs_does_not_block_beyond_the_limit() throws Exception {
        AzureDevOpsSession session = connect(World.shared().url);
        hang(null);
        long[] usual = {Action.slack, Bridge.grace};
        Action.slack = 0;
        Bridge.grace = 100;
        try {
            Check.fails("service.outcome_unknown: Complete pull request: the program azdo-bot did not respond and was stopped" + UNKNOWN,
                    () -> bot.run("completePullRequest", World.parameters("session", session, "repository", "x".repeat(1_000_000),
                            "id", new NumberValue(1), "timeLimit", new NumberValue(1))));
        } finally {
            Action.slack = usual[0];
            Bridge.grace = usual[1];
        }
    }

    public void the_sidecar_ends_with_a_jvm_that_is_killed() throws Exception {
        Process victim = Victim.start("killed", "credential", World.shared().url);
        try (OutputStream in = victim.getOutputStream()) {
            in.write(World.shared().text().getBytes(StandardCharsets.US_ASCII));
        }
        String pid = new BufferedReader(new InputStreamReader(victim.getInputStream(), StandardCharsets.US_ASCII)).readLine();
        Check.that(runs(pid), "it has a sidecar");
        victim.destroyForcibly().waitFor();
        long killed = System.nanoTime();
        while (runs(pid) && System.nanoTime() - killed < 60_000_000_000L) {
            Thread.yield();
        }
        Check.that(!runs(pid), "the sidecar runs");
        System.out.printf("        the sidecar ended %d ms after the JVM%n", (System.nanoTime() - killed) / 1_000_000);
    }

    /** Whether a process runs; one that has ended is there until its new parent notices. */
    private static boolean runs(String pid) throws Exception {
        try {
            String status = Files.readString(Path.of("/proc", pid, "stat"));
            return !status.substring(status.lastIndexOf(')')).startsWith(") Z");
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    public void progress_is_in_the_log() throws Exception {
        LogManager.LINES.clear();
        AzureDevOpsSession session = connect(World.shared().url);
        Object run = ((Map<?, ?>) bot.run("runPipeline", World.parameters("session", session, "pipeline", "site")).get()).get("id");
        try {
            bot.run("waitForPipelineRun", World.parameters("session", session, "id", run));
        } catch (BotCommandException e) {
            // The result of the run does not matter.
        }
        session.close();
        Check.has(String.join("\n", LogManager.LINES), "INFO pipeline run ");
    }
}
