package azdobot.runtime;

import com.automationanywhere.botcommand.data.Value;
import com.automationanywhere.botcommand.data.impl.NumberValue;
import com.automationanywhere.botcommand.data.impl.SessionValue;
import com.automationanywhere.botcommand.data.impl.StringValue;
import com.automationanywhere.toolchain.runtime.session.CloseableSessionObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Sessions in the containers of a fake agent. */
final class SessionsTest {
    private final FakeAgent bot = new FakeAgent();

    private Value<?> connect() throws Exception {
        return bot.run("connect", World.shared().connect());
    }

    private static Map<String, Value> in(Object session) {
        return World.parameters("session", session instanceof String ? new SessionValue((String) session) : session);
    }

    private static int repositories(FakeAgent bot, Object session) {
        return ((List<?>) bot.run("listRepositories", in(session)).get()).size();
    }

    public void a_session_is_used_by_name_and_by_variable() throws Exception {
        Value<?> session = connect();
        bot.local("Default", session);
        Check.equal(1, repositories(bot, "Default"));
        Check.equal(1, repositories(bot, World.session(session)));
        bot.end();
        Check.that(World.session(session).isClosed(), "the end of the bot closes it");
    }

    public void a_child_bot_uses_a_global_session_and_a_variable_and_no_local_session() throws Exception {
        Value<?> global = connect();
        bot.global("Shared", global);
        bot.local("Own", connect());
        FakeAgent child = bot.child();
        Check.equal(1, repositories(child, "Shared"));
        Check.equal(1, repositories(child, World.session(global)));
        Check.fails("session.not_found: List repositories: the field \"Session\" names no open session \"Own\". "
                + "Connect first. Other bots do not see a local session.", () -> repositories(child, "Own"));
        child.end();
        Check.equal(1, repositories(bot, "Shared"));
        bot.endAll();
    }

    public void a_session_that_a_child_opened_is_used_by_its_parent() throws Exception {
        FakeAgent child = bot.child();
        child.global("Shared", child.run("connect", World.shared().connect()));
        child.end();
        Check.equal(1, repositories(bot, "Shared"));
        bot.endAll();
    }

    public void a_local_session_comes_before_a_global_one_and_a_closed_one_hides_nothing() throws Exception {
        AzureDevOpsSession local = World.session(connect());
        bot.global("S", connect());
        bot.local("S", SessionValue.builder().withSessionObject(local).build());
        bot.run("disconnect", in("S"));
        Check.that(local.isClosed(), "the local one is closed first");
        Check.equal(1, repositories(bot, "S"));
        bot.endAll();
    }

    public void disconnect_closes_a_session_once_and_for_all() throws Exception {
        Value<?> session = connect();
        bot.local("Default", session);
        Map<?, ?> outputs = (Map<?, ?>) bot.run("disconnect", in("Default")).get();
        Check.equal("session in a variable", ((StringValue) outputs.get("closed")).get());
        String closed = "the field \"Session\" has a session that was closed by Disconnect. Connect again, or move the action before that.";
        Check.fails("session.closed: List repositories: " + closed, () -> repositories(bot, World.session(session)));
        Check.fails("session.closed: Disconnect: " + closed, () -> bot.run("disconnect", in(World.session(session))));
        bot.end();
        World.session(session).close();
    }

    public void a_session_that_the_end_of_its_bot_closed_says_so() throws Exception {
        AzureDevOpsSession session = World.session(connect());
        bot.local("A", SessionValue.builder().withSessionObject(session).build());
        bot.local("B", SessionValue.builder().withSessionObject(session).build());
        bot.end();
        Check.has(Check.failure(() -> repositories(bot, session)), "has a session that was closed by the end of its bot.");
    }

    public void check_session_tells_whether_a_session_is_open() throws Exception {
        AzureDevOpsSession session = World.session(connect());
        Check.equal(true, ((Value<?>) ((Map<?, ?>) bot.run("checkSession", in(session)).get()).get("open")).get());
        session.close();
        for (Object one : List.of(session, "Missing")) {
            Check.equal(false, ((Value<?>) ((Map<?, ?>) bot.run("checkSession", in(one)).get()).get("open")).get());
        }
    }

    public void a_session_of_another_package_is_named() {
        CloseableSessionObject foreign = new CloseableSessionObject() {
            @Override
            public boolean isClosed() {
                return false;
            }

            @Override
            public void close() {}
        };
        Check.has(Check.failure(() -> repositories(bot, foreign)),
                "session.wrong_type: List repositories: the field \"Session\" has a session of another package. Use the session of Connect of this package.");
    }

    public void a_missing_session_is_named() {
        Check.fails("session.not_found: List repositories: the field \"Session\" names no open session. "
                + "Connect first. Other bots do not see a local session.", () -> bot.run("listRepositories", Map.of()));
    }

    /** Ends the sidecar; the next one has an operator's file with these lines. Returns its audit file. */
    private static Path operatorsFile(String more) throws Exception {
        Path audit = Files.createTempDirectory(World.FOLDER, "audit").resolve("audit.jsonl");
        Path file = Files.writeString(audit.resolveSibling("azdo-bot.toml"), "[audit]\nfile = \"" + World.DRIVE + audit + "\"\n" + more);
        World.restart();
        World.options("--allow-loopback-http --config " + file);
        return audit;
    }

    public void the_sessions_of_a_bot_share_its_bot_run_which_ends_with_the_last_one() throws Exception {
        Path audit = operatorsFile("");
        AzureDevOpsSession first = World.session(connect());
        AzureDevOpsSession second = World.session(connect());
        FakeAgent child = bot.child();
        AzureDevOpsSession own = World.session(child.run("connect", World.shared().connect()));
        Check.that(first.open.botRun == second.open.botRun && own.open.botRun != second.open.botRun, "the bot runs are wrong");
        repositories(child, second);
        first.close();
        repositories(bot, second);
        Bridge bridge = World.bridge();
        Map<String, ?> closed = Map.of("botRun", second.open.botRun.id, "action", "listRepositories",
                "inputs", Map.of("session", first.open.handle));
        Check.equal("session.closed", Failure.code(Json.at(bridge.call("action/execute", closed), "error")));
        second.close();
        Check.equal("bot_run.ended", Failure.code(Json.at(bridge.call("action/execute", closed), "error")));
        repositories(bot, own);
        own.close();
        World.restart();
        String lines = Files.readString(audit);
        Check.has(lines, second.open.botRun.id);
        Check.has(lines, "\"host\":{\"name\":\"Automation 360\"");
        Check.has(lines, "\"place\":{\"bot\":\"" + bot.getBotUri() + "\"}");
        // Connect, a list and Disconnect: a session of the parent is used in the bot run of the parent.
        long ofChild = lines.lines().filter(line -> line.contains(child.getExecutionId())).count();
        Check.equal(3L, ofChild);
    }

    public void the_operators_limits_of_a_bot_run_hold_for_all_its_sessions() throws Exception {
        operatorsFile("[limits]\nsessions_per_bot_run = 2\n");
        bot.local("A", connect());
        bot.local("B", connect());
        String failure = Check.failure(this::connect);
        bot.end();
        Value<?> again = connect();
        World.session(again).close();
        World.restart();
        Check.has(failure, "policy.denied: ");
    }

    public void a_failed_connect_leaves_nothing_open() throws Exception {
        Map<String, Value> parameters = World.shared().connect();
        parameters.put("projectName", new StringValue("Missing"));
        Check.has(Check.failure(() -> bot.run("connect", parameters)), "project.not_found: ");
        nothing_is_left();
    }

    public void what_azure_devops_refuses_is_an_error_with_code_message_and_help() throws Exception {
        AzureDevOpsSession session = World.session(connect());
        Check.fails("resource.conflict: Could not create the repository \"site\" in the project \"Fabrikam\": TF400948: A Git repository "
                + "with the name site already exists. Use another name, or read the resource again and repeat the change.",
                () -> bot.run("createRepository", World.parameters("session", session, "name", "site")));
        session.close();
    }

    public void a_wrong_field_has_its_label_and_a_help_for_the_designer() throws Exception {
        AzureDevOpsSession session = World.session(connect());
        Check.fails("input.invalid: list repositories: \"Limit\": expected a number of entries from 1 to 100000. "
                + "Correct the field in the action.",
                () -> bot.run("listRepositories", World.parameters("session", session, "limit", new NumberValue(0))));
        session.close();
    }

    public void eight_threads_work_at_once() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        List<Future<?>> ends = new java.util.ArrayList<>();
        for (int i = 0; i < 8; i++) {
            String name = "thread-" + i + "-" + System.nanoTime();
            ends.add(threads.submit(() -> {
                FakeAgent own = new FakeAgent();
                Value<?> session = own.run("connect", World.shared().connect());
                own.local("Default", session);
                for (int n = 0; n < 5; n++) {
                    String repository = name + "-" + n;
                    Map<?, ?> created = (Map<?, ?>) own.run("createRepository",
                            World.parameters("session", new SessionValue("Default"), "name", repository)).get();
                    Check.equal(repository, ((Value<?>) created.get("name")).get());
                }
                own.run("disconnect", in("Default"));
                return null;
            }));
        }
        for (Future<?> end : ends) {
            end.get();
        }
        threads.shutdown();
        FakeAgent cleaning = new FakeAgent();
        AzureDevOpsSession session = World.session(cleaning.run("connect", World.shared().connect()));
        for (Object one : (List<?>) cleaning.run("listRepositories", in(session)).get()) {
            String name = (String) ((Value<?>) ((Map<?, ?>) ((Value<?>) one).get()).get("name")).get();
            if (name.startsWith("thread-")) {
                cleaning.run("deleteRepository", World.parameters("session", session, "repository", name));
            }
        }
        session.close();
    }

    public void a_thousand_connects_leave_nothing() throws Exception {
        connect();
        int threads = Thread.activeCount();
        for (int i = 0; i < 1000; i++) {
            FakeAgent one = new FakeAgent();
            one.local("Default", one.run("connect", World.shared().connect()));
            one.end();
        }
        Check.that(Thread.activeCount() <= threads, "there are more threads");
        nothing_is_left();
    }

    /** Names that are used again leave sessions without a container, which nothing closes but the garbage collector. */
    public void overwritten_sessions_are_closed_as_garbage() throws Exception {
        for (int i = 0; i < 20; i++) {
            bot.local("Default", connect());
        }
        bot.end();
        nothing_is_left();
    }

    /** Waits for the sessions that other tests and threads left as garbage. */
    private static void nothing_is_left() {
        Bridge bridge = World.bridge();
        Map<?, ?> lent = (Map<?, ?>) World.peek(Locker.class, bridge.locker, "lent");
        Map<?, ?> calls = (Map<?, ?>) World.peek(Bridge.class, bridge, "calls");
        long end = System.nanoTime() + 60_000_000_000L;
        while (!(lent.isEmpty() && calls.isEmpty() && bridge.botRuns.isEmpty()) && System.nanoTime() < end) {
            System.gc();
        }
        Check.equal("[] [] []", lent.keySet() + " " + calls.keySet() + " " + bridge.botRuns.keySet());
    }
}
