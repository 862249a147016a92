package azdobot.runtime;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/**
 * The sidecar: one process of {@code azdo-bot serve} for each class loader, which holds the sessions.
 *
 * <p>Its standard input is the leash: when this JVM ends, however it ends, the process and its sessions end too. No
 * action restarts a sidecar that has ended; the next Connect starts another one. Requests are written and responses are
 * read by threads of their own, so that a sidecar that hangs does not block its callers beyond their limits.
 */
final class Bridge {
    /** The limit of requests that need no network, in milliseconds. */
    static long shortLimit = 30_000;
    /** How long a cancelled request may take to be answered, in milliseconds. */
    static long grace = 5_000;
    private static Bridge current;

    final Locker locker = new Locker();
    final Map<String, BotRun> botRuns = new HashMap<>();
    private final Process process;
    private final Map<Object, CompletableFuture<Object>> calls = new ConcurrentHashMap<>();
    private final AtomicLong lastId = new AtomicLong();
    private final BlockingQueue<byte[]> lines = new LinkedBlockingQueue<>();
    private final Deque<String> lastWords = new ConcurrentLinkedDeque<>();
    private final Thread log;
    /** How the process ended, in words that follow its name. */
    private final CompletableFuture<String> end = new CompletableFuture<>();

    /** The process ended before it responded; {@code sent} says whether the request may have reached it. */
    static final class Ended extends Exception {
        final boolean sent;

        Ended(String how, boolean sent) {
            super(how);
            this.sent = sent;
        }
    }

    private Bridge(Process process) {
        this.process = process;
        log = start("log", this::readLog);
        start("responses", this::readResponses);
        start("requests", this::writeRequests);
    }

    /** The running sidecar, started if there is none; only then the proxy counts. */
    static synchronized Bridge started(String proxy) throws IOException, Ended {
        if (current == null || current.ended()) {
            Settings settings = new Settings(proxy);
            Bridge bridge = new Bridge(Program.start(settings.arguments, settings.environment));
            String own = Program.contents().getProperty("version");
            Object response = bridge.call("initialize", Map.of("protocol", Map.of("min", 1, "max", 1),
                    "host", Map.of("name", "Automation 360", "version", own),
                    "capabilities", Map.of("credentials", true, "lockers", List.of(bridge.locker.name))));
            Object version = Json.at(response, "result", "package", "version");
            if (version == null || !compatible((String) version).equals(compatible(own))) {
                bridge.end("was stopped");
                String which = Objects.toString(version, "unknown");
                throw new IOException("Its version is " + which + ", and this package needs " + own);
            }
            logDenied((List<?>) Json.at(response, "result", "deniedActions"));
            current = bridge;
        }
        return current;
    }

    /** Logs what the operator's policy denies on this machine, one line for each rule. */
    private static void logDenied(List<?> actions) {
        actions.stream().collect(Collectors.groupingBy(
                one -> Json.at(one, "rule") + " (" + Json.at(one, "place") + ")",
                Collectors.mapping(one -> (String) Json.at(one, "action"), Collectors.joining(", "))))
                .forEach((rule, names) -> Agent.log(System.Logger.Level.WARNING,
                        "Denied by the operator's policy: " + names + ": " + rule));
    }

    /** The part of a version that has to be the same: 0.3 of 0.3.1, 2 of 2.4.0. */
    private static String compatible(String version) {
        String[] parts = version.split("\\.");
        return parts[0].equals("0") ? parts[0] + "." + parts[1] : parts[0];
    }

    boolean ended() {
        return end.isDone() || !process.isAlive();
    }

    Ended ended(boolean sent) {
        return new Ended(end.copy().completeOnTimeout("has ended", 10, TimeUnit.SECONDS).join(), sent);
    }

    /** Sends a request that needs no network, and returns its response. */
    Object call(String method, Map<String, ?> params) throws Ended {
        return call(method, params, shortLimit);
    }

    /**
     * Sends a request and returns its response.
     *
     * <p>An interrupt of this thread cancels the request, and so does the end of the limit (in milliseconds). The
     * response is still waited for, shortly: it says whether something was changed. A process that does not even answer
     * that is stopped.
     */
    Object call(String method, Map<String, ?> params, long limit) throws Ended {
        Object id = lastId.incrementAndGet();
        byte[] line = Json.line(Map.of("id", id, "method", method, "params", params));
        CompletableFuture<Object> response = new CompletableFuture<>();
        calls.put(id, response);
        try {
            if (ended()) {
                throw ended(false);
            }
            lines.add(line);
            return response.get(limit, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            try {
                return cancelled(id, response);
            } finally {
                Thread.currentThread().interrupt();
            }
        } catch (TimeoutException e) {
            return cancelled(id, response);
        } catch (ExecutionException e) {
            throw ended(true);
        } finally {
            calls.remove(id);
        }
    }

    private Object cancelled(Object id, CompletableFuture<Object> response) throws Ended {
        lines.add(Json.line(Map.of("method", "$/cancel", "params", Map.of("id", id))));
        try {
            // Not by `get`, which an interrupt would end.
            Object answer = response.completeOnTimeout(Map.of(), grace, TimeUnit.MILLISECONDS).join();
            if (!Map.of().equals(answer)) {
                return answer;
            }
            end("did not respond and was stopped");
        } catch (CompletionException e) {
            // The process has ended.
        }
        throw ended(true);
    }

    private void end(String how) {
        if (end.complete(how)) {
            process.destroyForcibly();
            lines.forEach(line -> Arrays.fill(line, (byte) 0));
            // Wakes the thread that writes.
            lines.add(new byte[0]);
            calls.values().forEach(response -> response.completeExceptionally(new Ended(how, true)));
        }
    }

    private void writeRequests() {
        try (OutputStream out = process.getOutputStream()) {
            while (!end.isDone()) {
                byte[] line = lines.take();
                out.write(line);
                out.flush();
                // It may have a token.
                Arrays.fill(line, (byte) 0);
            }
        } catch (IOException | InterruptedException e) {
            // The thread that reads reports how the process ended.
        }
    }

    private void readResponses() {
        try (BufferedReader in = reader(process.getInputStream())) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                receive(Json.read(line));
            }
        } catch (IOException e) {
            // The process has ended.
        } catch (RuntimeException e) {
            // The line is not quoted, since it may have a secret.
            end("wrote a line that is not a message, and was stopped");
        }
        try {
            log.join(1_000);
            String code = process.waitFor(1, TimeUnit.SECONDS) ? " (exit code " + process.exitValue() + ")" : "";
            end("has ended" + code + (lastWords.isEmpty() ? "" : ": " + String.join(" ", lastWords)));
        } catch (InterruptedException e) {
            end("has ended");
        }
    }

    private void receive(Object message) {
        Object method = Json.at(message, "method");
        Object id = Json.at(message, "id");
        if ("credential/resolve".equals(method)) {
            lines.add(locker.answer(id, String.valueOf(Json.at(message, "params", "credential", "name"))));
        } else if ("$/progress".equals(method)) {
            Agent.log(System.Logger.Level.INFO, String.valueOf(Json.at(message, "params", "message")));
        } else {
            // Without an id, it is about a line that could not be read: all calls end, since it is unknown which waits.
            calls.getOrDefault(Objects.requireNonNull(id), new CompletableFuture<>()).complete(message);
        }
    }

    private void readLog() {
        try (BufferedReader in = reader(process.getErrorStream())) {
            in.lines().forEach(line -> {
                Agent.log(System.Logger.Level.INFO, line);
                lastWords.add(line);
                if (lastWords.size() > 5) {
                    lastWords.remove();
                }
            });
        } catch (IOException | UncheckedIOException e) {
            // The process has ended.
        }
    }

    private static BufferedReader reader(InputStream in) {
        return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    }

    private static Thread start(String name, Runnable work) {
        Thread thread = new Thread(work, "azdo-bot " + name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
