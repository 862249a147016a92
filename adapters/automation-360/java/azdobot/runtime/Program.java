package azdobot.runtime;

import static java.nio.file.attribute.PosixFilePermissions.asFileAttribute;
import static java.nio.file.attribute.PosixFilePermissions.fromString;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * The program {@code azdo-bot}: the one in the jar, or one that the operator of the machine names.
 *
 * <p>The program of the jar is unpacked below the user's local data folder, into a folder named by its SHA-256, and its
 * SHA-256 is checked before each start. Folders of other versions are removed when no process uses them.
 *
 * <p>Where programs must not start from there (AppLocker, antivirus), the operator puts the program elsewhere and
 * writes its path into {@code %ProgramData%\azdo-bot\automation-360-program.txt}, on macOS into the same file in
 * {@code /Library/Application Support/azdo-bot}, on Linux in {@code /etc/azdo-bot}. It is no system property and no
 * environment variable, which a bot or its user can set, and it is refused if the user as whom bots run may write it.
 * So is the operator's file, which {@code azdo-bot} reads in the same folder.
 */
final class Program {
    private static final String RESOURCES = "/azdobot/bin/";
    private static final String HOME = System.getProperty("user.home");

    /** The operator's folder, and that of unpacked programs; tests have others. */
    static Path machineFolder = place("ProgramData", "/Library/Application Support", "/etc");
    static Path unpackFolder = place("LOCALAPPDATA", HOME + "/Library/Application Support", HOME + "/.local/share");

    private Program() {}

    /** The version of this package, and the SHA-256 of each program in it by its system. */
    static Properties contents() throws IOException {
        Properties contents = new Properties();
        try (InputStream in = Program.class.getResourceAsStream(RESOURCES + "programs.properties")) {
            contents.load(in);
        }
        return contents;
    }

    /** Starts the program; fails if it is missing, damaged or not to be trusted. */
    static Process start(List<String> arguments, Map<String, String> environment) throws IOException {
        administrators(machineFolder.resolve("azdo-bot.toml"));
        Path named = named();
        if (named != null) {
            return start(named, arguments, environment);
        }
        String hash = contents().getProperty(system());
        if (hash == null) {
            throw new IOException("This package has no program for " + system());
        }
        folder(unpackFolder);
        // All class loaders of the JVM have this same text. The lock of the file holds for all of them too.
        synchronized ("azdo-bot: the folder of programs".intern()) {
            try (FileChannel channel = FileChannel.open(unpackFolder.resolve("lock"),
                            StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                Path program = unpacked(hash);
                Process process = start(program, arguments, environment);
                // Shows that this process uses the folder.
                Files.write(program.resolveSibling(process.pid() + ".pid"), new byte[0]);
                removeUnused(program.getParent().toFile());
                return process;
            }
        }
    }

    private static Process start(Path program, List<String> arguments, Map<String, String> more) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(program.toString());
        builder.command().addAll(arguments);
        builder.environment().putAll(more);
        return builder.start();
    }

    private static Path unpacked(String hash) throws IOException {
        String name = "azdo-bot" + (system().startsWith("windows") ? ".exe" : "");
        Path program = unpackFolder.resolve(hash).resolve(name);
        if (Files.isRegularFile(program) && hash.equals(sha256(program))) {
            return program;
        }
        folder(program.getParent());
        Path partial = Files.createTempFile(program.getParent(), name, ".partial");
        try (InputStream in = Program.class.getResourceAsStream(RESOURCES + system() + "/" + name)) {
            // Not a copy, which would replace the file and its mode.
            Files.write(partial, in.readAllBytes());
            if (!hash.equals(sha256(partial)) || !partial.toFile().setExecutable(true)) {
                throw new IOException("The program in this package is damaged");
            }
            return Files.move(partial, program, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(partial);
        }
    }

    /** Creates a folder that only the user of the bots can use; one that is there stays as it is. */
    static Path folder(Path path) throws IOException {
        return system().startsWith("windows") ? Files.createDirectories(path)
                : Files.createDirectories(path, asFileAttribute(fromString("rwx------")));
    }

    /** Removes what ended processes left, and the folders of other versions that no process uses. */
    private static void removeUnused(File own) {
        for (File folder : files(unpackFolder.toFile())) {
            boolean used = folder.equals(own);
            for (File file : files(folder)) {
                String name = file.getName();
                if (name.endsWith(".pid")) {
                    long pid = Long.parseLong(name.substring(0, name.length() - 4));
                    used |= ProcessHandle.of(pid).isPresent() || !file.delete();
                }
            }
            if (!used && folder.getName().matches("[0-9a-f]{64}")) {
                Stream.of(files(folder)).forEach(File::delete);
                folder.delete();
            }
        }
    }

    private static File[] files(File folder) {
        return folder.isDirectory() ? folder.listFiles() : new File[0];
    }

    static String sha256(Path file) throws IOException {
        try (var in = new DigestInputStream(Files.newInputStream(file), MessageDigest.getInstance("SHA-256"))) {
            // Large parts: each call costs much before the JVM has compiled it.
            for (byte[] part = new byte[1 << 16]; in.read(part) >= 0;) {}
            return String.format("%064x", new BigInteger(1, in.getMessageDigest().digest()));
        } catch (NoSuchAlgorithmException e) {
            throw new IOException(e);
        }
    }

    /** The program that the operator names; null if there is none. */
    private static Path named() throws IOException {
        Path setting = machineFolder.resolve("automation-360-program.txt");
        if (!Files.exists(setting)) {
            return null;
        }
        Path program = Path.of(Files.readString(setting).trim());
        if (!program.isAbsolute() || !Files.isExecutable(program)) {
            throw new IOException(setting + " has to have the whole path of a program and nothing else");
        }
        administrators(setting);
        administrators(program);
        return program;
    }

    /** Fails if users, as whom bots run, may write a file, if there is one, or its folder. */
    private static void administrators(Path file) throws IOException {
        for (Path path : Files.exists(file) ? List.of(file, file.getParent()) : List.<Path>of()) {
            if (usersMayWrite(path)) {
                throw new IOException(path + " has to be writable for administrators only");
            }
        }
    }

    private static boolean usersMayWrite(Path path) throws IOException {
        if (system().startsWith("windows")) {
            return Files.isWritable(path);
        }
        Map<String, Object> facts = Files.readAttributes(path, "unix:uid,mode");
        return !facts.get("uid").equals(0) || ((int) facts.get("mode") & 022) != 0;
    }

    private static String system() {
        String name = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String system = name.startsWith("windows") ? "windows" : name.startsWith("mac") ? "mac" : "linux";
        return system + (System.getProperty("os.arch").equals("aarch64") ? "-arm64" : "-x64");
    }

    private static Path place(String windowsVariable, String mac, String linux) {
        String windows = Objects.requireNonNullElse(System.getenv(windowsVariable), HOME);
        String system = system().split("-")[0];
        return Path.of(system.equals("windows") ? windows : system.equals("mac") ? mac : linux, "azdo-bot");
    }
}
