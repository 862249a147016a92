package azdobot.runtime;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The program is unpacked, checked, removed, or the operator's. */
final class ProgramTest {
    private final Path unpacked = Files.createTempDirectory(World.FOLDER, "programs");
    private final Path machine = Files.createTempDirectory(World.FOLDER, "machine");
    private final String hash = Program.contents().getProperty("linux-x64");

    ProgramTest() throws IOException {
        // Each test has folders of its own.
    }

    private interface Work<T> {
        T run() throws Exception;
    }

    private <T> T there(Work<T> work) throws Exception {
        Path[] usual = {Program.unpackFolder, Program.machineFolder};
        Program.unpackFolder = unpacked;
        Program.machineFolder = machine;
        try {
            return work.run();
        } finally {
            Program.unpackFolder = usual[0];
            Program.machineFolder = usual[1];
        }
    }

    /** Starts the program for its version, and returns what it prints. */
    private String version() throws Exception {
        World.options("");
        Process process = there(() -> Program.start(List.of("-V"), Map.of()));
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
        process.waitFor();
        return said;
    }

    private Set<String> folders() throws IOException {
        try (Stream<Path> files = Files.list(unpacked)) {
            return files.filter(Files::isDirectory).map(file -> file.getFileName().toString()).collect(Collectors.toSet());
        }
    }

    private static String failure(Work<?> work) throws Exception {
        try {
            work.run();
        } catch (IOException e) {
            return e.getMessage();
        }
        throw new AssertionError("it starts");
    }

    public void it_is_unpacked_by_its_hash_and_started() throws Exception {
        String expected = "azdo-bot " + Program.contents().getProperty("version");
        Check.equal(expected, version());
        Check.equal(Set.of(hash), folders());
        Check.equal(expected, version());
    }

    public void what_is_unpacked_is_for_the_user_of_the_bots_only() throws Exception {
        World.options("");
        Path programs = unpacked.resolve("new").resolve("programs");
        Path usual = Program.unpackFolder;
        Program.unpackFolder = programs;
        try {
            Program.start(List.of("-V"), Map.of()).waitFor();
        } finally {
            Program.unpackFolder = usual;
        }
        Path folder = programs.resolve(hash);
        for (Path path : List.of(programs.getParent(), programs, folder, folder.resolve("azdo-bot"))) {
            Check.equal("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
        }
    }

    public void a_changed_program_is_replaced_before_it_is_started() throws Exception {
        version();
        Path program = unpacked.resolve(hash).resolve("azdo-bot");
        Files.writeString(program, "#!/bin/sh\necho changed\n");
        Check.equal("azdo-bot " + Program.contents().getProperty("version"), version());
    }

    public void other_versions_are_removed_when_no_process_uses_them() throws Exception {
        Path unused = Files.createDirectories(unpacked.resolve("0".repeat(64)));
        Files.writeString(unused.resolve("azdo-bot"), "old");
        Process ended = new ProcessBuilder("true").start();
        ended.waitFor();
        Files.createFile(unused.resolve(ended.pid() + ".pid"));
        Path used = Files.createDirectories(unpacked.resolve("1".repeat(64)));
        Files.createFile(used.resolve(ProcessHandle.current().pid() + ".pid"));
        version();
        Check.equal(Set.of(hash, used.getFileName().toString()), folders());
    }

    public void what_ended_processes_left_is_removed() throws Exception {
        for (int i = 0; i < 3; i++) {
            version();
        }
        try (Stream<Path> files = Files.list(unpacked.resolve(hash))) {
            long marks = files.filter(file -> file.toString().endsWith(".pid")).count();
            Check.equal(1L, marks);
        }
    }

    /** A file of the operator belongs to root, and only root can make one. */
    private static void onlyAsRoot() {
        if (!System.getProperty("user.name").equals("root")) {
            throw new Check.Skipped("it makes files that belong to root");
        }
    }

    /** The operator's setting with this text, and the program that it names. */
    private Path named(String text) throws IOException {
        onlyAsRoot();
        Path program = Files.createDirectories(machine.resolve("bin")).resolve("azdo-bot");
        Files.writeString(program, "#!/bin/sh\necho the operator\\'s\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(machine.resolve("automation-360-program.txt"), text == null ? program + "\n" : text);
        for (Path folder : List.of(machine, machine.resolve("bin"))) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        return program;
    }

    public void the_operator_names_a_program() throws Exception {
        named(null);
        Check.equal("the operator's", version());
        Check.equal(Set.of(), folders());
    }

    public void a_setting_that_names_no_program_is_an_error() throws Exception {
        for (String text : List.of("", "azdo-bot", "/missing/azdo-bot", machine + "\nmore")) {
            named(text);
            Check.equal(machine.resolve("automation-360-program.txt") + " has to have the whole path of a program and nothing else",
                    failure(this::version));
        }
    }

    public void a_program_that_users_may_write_is_refused() throws Exception {
        Path program = named(null);
        for (Path path : List.of(program, program.getParent(), machine, machine.resolve("automation-360-program.txt"))) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx"));
            Check.equal(path + " has to be writable for administrators only", failure(this::version));
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        Check.equal("the operator's", version());
        Files.setAttribute(program, "unix:uid", 12345);
        Check.equal(program + " has to be writable for administrators only", failure(this::version));
    }

    public void an_operators_file_that_users_may_write_is_refused() throws Exception {
        onlyAsRoot();
        Path file = Files.writeString(machine.resolve("azdo-bot.toml"), "");
        Files.setPosixFilePermissions(machine, PosixFilePermissions.fromString("rwxr-xr-x"));
        Check.equal("azdo-bot " + Program.contents().getProperty("version"), version());
        for (Path path : List.of(file, machine)) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx"));
            Check.equal(path + " has to be writable for administrators only", failure(this::version));
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    public void a_program_of_another_version_is_refused() throws Exception {
        World.restart();
        Path program = named(null);
        Files.writeString(program, "#!/bin/sh\nread line\n"
                + "echo '{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"protocol\":1,\"package\":{\"name\":\"AzureDevOps\",\"version\":\"99.0.0\"}}}'\nread line\n");
        Check.equal("host.program_unusable: Connect: the program azdo-bot cannot be started. Its version is 99.0.0, and this package needs "
                + Program.contents().getProperty("version") + ". This is corrected on this machine or in the package, not in the bot.",
                there(() -> Check.failure(() -> new FakeAgent().run("connect", World.shared().connect()))));
    }

    public void a_program_that_writes_something_else_is_stopped_and_its_line_is_not_quoted() throws Exception {
        World.restart();
        Path program = named(null);
        Files.writeString(program, "#!/bin/sh\nread line\necho something else\nread line\n");
        Check.equal("host.sidecar_ended: Connect: the program azdo-bot wrote a line that is not a message, and was stopped. "
                + "Its sessions have ended with it. Connect again.",
                there(() -> Check.failure(() -> new FakeAgent().run("connect", World.shared().connect()))));
    }

    public void a_program_that_ends_at_once_says_why() throws Exception {
        World.restart();
        World.options("--config /missing/azdo-bot.toml");
        String failure = Check.failure(() -> new FakeAgent().run("connect", World.shared().connect()));
        Check.has(failure, "host.sidecar_ended: Connect: the program azdo-bot has ended (exit code 2): ");
        Check.has(failure, "/missing/azdo-bot.toml");
        Check.has(failure, ". Its sessions have ended with it. Connect again.");
    }
}
