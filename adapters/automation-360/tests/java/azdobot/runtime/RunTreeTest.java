package azdobot.runtime;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** Two JVMs of one run tree, which share a global session through a broker. */
final class RunTreeTest {
    private static final Path LOGIN = Path.of(System.getProperty("test.root"), "examples/bots/login.bot.json");
    /** The session belongs to the tree: the process that opens it has ended when the JVMs use it. */
    private static final String SCRIPT = "\"$0\" run \"$1\" --config \"$2\" >&2 && shift 2 && { \"$@\" one two & \"$@\" two one; wait; }";

    public void two_jvms_share_a_session_that_a_third_process_opened() throws Exception {
        if (!World.DRIVE.isEmpty()) {
            throw new Check.Skipped("a broker of this system");
        }
        Path folder = Files.createTempDirectory(World.FOLDER, "tree");
        Path config = Files.createFile(folder.resolve("azdo-bot.toml"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(config, "[sessions]\nstore = \"broker\"\nbroker_folder = \"" + folder.resolve("run")
                + "\"\n[network]\nallow_loopback_http = true\n[lockers.\"devops/azdo/pat\"]\nreference = \"env:AZDO_PAT\"\n"
                + "organization = \"" + World.shared().url + "\"\n");
        Path login = Files.writeString(folder.resolve("login.bot.json"), Files.readString(LOGIN)
                .replace("\"expression\": \"https://dev.azure.com/$organization$\"", "\"string\": \"" + World.shared().url + "\""));
        World.options("--config " + config);
        Process broker = new ProcessBuilder(World.PROGRAM, "broker", "--json", "--config", config.toString()).start();
        try {
            new BufferedReader(new InputStreamReader(broker.getInputStream(), StandardCharsets.UTF_8)).readLine();
            List<String> command = new ArrayList<>(List.of(World.PROGRAM, "run-tree", "--config", config.toString(), "--",
                    "sh", "-c", SCRIPT, World.PROGRAM, login.toString(), config.toString()));
            command.addAll(Victim.java(Member.class));
            ProcessBuilder tree = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
            tree.environment().put("AZDO_PAT", World.shared().text());
            Process members = tree.start();
            String said = new String(members.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            Check.equal(0, members.waitFor());
            for (String line : List.of("one sees two", "two sees one", "Other is open: false", "session.not_found: ")) {
                Check.has(said, line);
            }
        } finally {
            broker.destroyForcibly().waitFor();
        }
    }
}
