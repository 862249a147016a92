package azdobot.runtime;

import com.automationanywhere.botcommand.data.Value;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Prints what the package adds to the program: the first Connect with the start of the process, and an action through
 * the package and through {@code azdo-bot serve} alone, in turn. The figures are shown and fail nothing.
 */
public final class Bench {
    private static final int CALLS = 400;

    private Bench() {}

    public static void main(String[] arguments) throws Exception {
        World.options("--allow-loopback-http");
        World world = World.shared();
        Map<String, Value> parameters = world.connect();
        FakeAgent bot = new FakeAgent();
        long start = System.nanoTime();
        AzureDevOpsSession session = World.session(bot.run("connect", parameters));
        System.out.printf("first Connect of a JVM, which loads its classes      %7.1f ms%n", (System.nanoTime() - start) / 1e6);
        start = System.nanoTime();
        Program.sha256(Path.of(World.PROGRAM));
        double check = (System.nanoTime() - start) / 1e6;
        System.out.printf("the check of the program, %3d MB                      %7.1f ms%n", Files.size(Path.of(World.PROGRAM)) >> 20, check);
        World.restart();
        start = System.nanoTime();
        session = World.session(bot.run("connect", parameters));
        double connect = (System.nanoTime() - start) / 1e6;
        System.out.printf("first Connect with the start of the process          %7.1f ms, with the check %.1f ms (at most 150)%n",
                connect, connect + check);

        Process alone = new ProcessBuilder(World.PROGRAM, "serve", "--log", "warn", "--allow-loopback-http").start();
        OutputStream out = alone.getOutputStream();
        BufferedReader in = new BufferedReader(new InputStreamReader(alone.getInputStream(), StandardCharsets.UTF_8));
        ask(out, in, "initialize", Map.of("protocol", Map.of("min", 1, "max", 1), "host", Map.of("name", "Bench", "version", "1"),
                "capabilities", Map.of()));
        ask(out, in, "botRun/start", Map.of("id", "bench"));
        Object connected = ask(out, in, "action/execute", Map.of("botRun", "bench", "action", "connect", "target", Map.of("scope", "VARIABLE"),
                "inputs", Map.of("personalAccessToken", Map.of("insecure", world.text()), "organizationUrl", world.url, "projectName", "Fabrikam")));
        Map<String, ?> list = Map.of("botRun", "bench", "action", "listRepositories",
                "inputs", Map.of("session", Json.at(connected, "result", "session")));
        Map<String, Value> parametersOfList = World.parameters("session", session);
        long[] direct = new long[CALLS];
        long[] through = new long[CALLS];
        for (int i = -CALLS; i < CALLS; i++) {
            long before = System.nanoTime();
            ask(out, in, "action/execute", list);
            long between = System.nanoTime();
            bot.run("listRepositories", parametersOfList);
            if (i >= 0) {
                direct[i] = between - before;
                through[i] = System.nanoTime() - between;
            }
        }
        alone.destroy();
        double a = median(direct);
        double b = median(through);
        System.out.printf("List repositories through serve alone                %7.3f ms%n", a);
        System.out.printf("List repositories through the package                %7.3f ms%n", b);
        System.out.printf("what the package adds                                %7.3f ms (at most 0.5), ratio %.2f%n", b - a, b / a);
        System.exit(0);
    }

    private static double median(long[] times) {
        Arrays.sort(times);
        return times[times.length / 2] / 1e6;
    }

    private static Object ask(OutputStream out, BufferedReader in, String method, Map<String, ?> params) throws Exception {
        out.write(Json.line(Map.of("id", 1, "method", method, "params", params)));
        out.flush();
        Object message = Json.read(in.readLine());
        Check.equal(List.of(), Json.at(message, "error") == null ? List.of() : message);
        return message;
    }
}
