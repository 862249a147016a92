package azdobot.runtime;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** Two JVMs of one run tree, which share global sessions through a broker. */
final class RunTreeTest {
    private static final Path LOGIN = Path.of(System.getProperty("test.root"), "examples/bots/login.bot.json");
    private static final String BOTH = "{ \"$@\" one two \"$url\" & \"$@\" two one \"$url\"; wait; }";
    /** The session belongs to the tree: the process that opens it has ended when the JVMs use it. */
    private static final String SCRIPT = "\"$0\" run \"$1\" --config \"$2\" >&2 && shift 2 && " + BOTH;

    public void two_jvms_share_a_session_that_a_third_process_opened() throws Exception {
        String said = members("", SCRIPT, login(), Member.class);
        for (String line : List.of("one sees two", "two sees one", "Other is open: false", "session.not_found: ")) {
            Check.has(said, line);
        }
    }

    public void two_jvms_share_the_sessions_that_their_connects_opened_with_a_name() throws Exception {
        String key = "sealing_key = \"env:AZDO_TEST_KEY\"\n";
        String said = members(key, "shift 2; " + BOTH, "", Opener.class);
        for (String line : List.of("one works through two", "two works through one", "session.closed: ")) {
            Check.has(said, line);
        }
    }

    private static String login() throws Exception {
        return Files.readString(LOGIN)
                .replace("\"expression\": \"https://dev.azure.com/$organization$\"", "\"string\": \"" + World.shared().url + "\"");
    }

    /** Runs both JVMs in a script below `run-tree`, and returns what they print; the script has a bot and the operator's file. */
    private static String members(String sessions, String script, String bot, Class<?> main) throws Exception {
        if (!World.DRIVE.isEmpty()) {
            throw new Check.Skipped("a broker of this system");
        }
        Path folder = Files.createTempDirectory(World.FOLDER, "tree");
        Path config = Files.createFile(folder.resolve("azdo-bot.toml"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(config, "[sessions]\nstore = \"broker\"\nbroker_folder = \"" + folder.resolve("run") + "\"\n" + sessions
                + "[network]\nallow_loopback_http = true\n[lockers.\"devops/azdo/pat\"]\nreference = \"env:AZDO_PAT\"\n"
                + "organization = \"" + World.shared().url + "\"\n");
        Path login = Files.writeString(folder.resolve("login.bot.json"), bot);
        World.options("--config " + config);
        Process broker = new ProcessBuilder(World.PROGRAM, "broker", "--json", "--config", config.toString()).start();
        try {
            new BufferedReader(new InputStreamReader(broker.getInputStream(), StandardCharsets.UTF_8)).readLine();
            List<String> command = new ArrayList<>(List.of(World.PROGRAM, "run-tree", "--config", config.toString(), "--",
                    "sh", "-c", script, World.PROGRAM, login.toString(), config.toString()));
            command.addAll(Victim.java(main));
            ProcessBuilder tree = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
            tree.environment().put("AZDO_PAT", World.shared().text());
            tree.environment().put("AZDO_TEST_KEY", "a key of at least 32 characters, for the tests");
            tree.environment().put("url", World.shared().url);
            Process members = tree.start();
            String said = new String(members.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            Check.equal(0, members.waitFor());
            return said;
        } finally {
            broker.destroyForcibly().waitFor();
        }
    }
}
