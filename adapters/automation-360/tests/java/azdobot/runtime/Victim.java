package azdobot.runtime;

import com.automationanywhere.botcommand.data.Value;
import com.automationanywhere.botcommand.data.impl.CredentialObject;
import com.automationanywhere.botcommand.data.impl.SessionValue;
import com.automationanywhere.botcommand.data.impl.StringValue;
import com.automationanywhere.core.security.SecureString;
import com.automationanywhere.botcommand.exception.BotCommandException;
import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A bot in a JVM of its own, which is killed, or whose heap is searched. It reads the token from its standard input. */
public final class Victim {
    private Victim() {}

    /** The command of a JVM that runs a class of the tests. */
    static List<String> java(Class<?> main) {
        return List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", "-Dtest.folder=" + World.FOLDER, "-Duser.home=" + System.getProperty("user.home"),
                "-classpath", System.getProperty("java.class.path"), main.getName());
    }

    static Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(java(Victim.class));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).start();
    }

    public static void main(String[] arguments) throws Exception {
        char[] token = new char[1024];
        int length = 0;
        // Not System.in, whose buffer would keep the token.
        try (InputStream in = new FileInputStream(FileDescriptor.in)) {
            byte[] one = new byte[1];
            while (in.read(one) > 0 && one[0] != '\n') {
                token[length++] = (char) one[0];
            }
            one[0] = 0;
        }
        char[] exact = Arrays.copyOf(token, length);
        Arrays.fill(token, (char) 0);
        Value<?> secret = arguments[1].equals("text") ? new StringValue(String.valueOf(exact)) : new CredentialObject(new SecureString(exact));
        Arrays.fill(exact, (char) 0);
        FakeAgent bot = new FakeAgent();
        Map<String, Value> parameters = World.connect(secret, arguments[2]);
        Value<?> session = bot.run("connect", parameters);
        bot.local("Default", session);
        long sidecar = World.process(World.bridge()).pid();
        System.out.println(sidecar);
        if (arguments[0].equals("killed")) {
            Thread.currentThread().join();
        }
        Path folder = Path.of(arguments[3]);
        for (String file : List.of("cmdline", "environ")) {
            Files.write(folder.resolve(file), Files.readAllBytes(Path.of("/proc/" + sidecar, file)));
        }
        SessionValue named = new SessionValue("Default");
        try {
            bot.run("createRepository", World.parameters("session", named, "name", "site"));
        } catch (BotCommandException e) {
            System.out.println(e.getMessage());
        }
        System.out.println(bot.run("listRepositories", World.parameters("session", named)).get());
        System.out.println(World.session(session));
        bot.run("disconnect", World.parameters("session", named));
        if (secret instanceof CredentialObject) {
            ((CredentialObject) secret).get().close();
        }
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                .dumpHeap(folder.resolve("heap.hprof").toString(), Boolean.getBoolean("live"));
        System.exit(0);
    }
}
