package azdobot.runtime;

import com.automationanywhere.botcommand.data.Value;
import com.automationanywhere.botcommand.data.impl.CredentialObject;
import com.automationanywhere.botcommand.data.impl.StringValue;
import com.automationanywhere.core.security.SecureString;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.logging.log4j.LogManager;

/** Tokens are lent to the sidecar and are nowhere else. */
final class SecretsTest {
    private final FakeAgent bot = new FakeAgent();

    private static String answer(char... token) {
        Locker locker = new Locker();
        locker.lend("id", new SecureString(token));
        String line = new String(locker.answer("c1", "id"), StandardCharsets.US_ASCII);
        Check.that(line.indexOf('\n') == line.length() - 1, "it is one line");
        Check.equal("c1", Json.at(Json.read(line), "id"));
        return (String) Json.at(Json.read(line), "result", "token");
    }

    public void a_token_of_any_characters_and_length_is_sent_unchanged() {
        String all = "az09AZ \"\\/\u0000\u001f\u007fé\ud83d\ude80";
        Check.equal(all, answer(all.toCharArray()));
        String longest = "\u20ac".repeat(8192);
        Check.that(longest.equals(answer(longest.toCharArray())), "the longest token is changed");
    }

    public void the_line_of_a_token_is_not_copied_into_a_buffer() {
        Locker locker = new Locker();
        locker.lend("id", new SecureString("x".toCharArray()));
        Check.that(locker.answer("c1", "id").length >= 8192, "the stream to the process would buffer it");
    }

    public void only_lent_credentials_are_answered() {
        Locker locker = new Locker();
        locker.lend("id", new SecureString("x".toCharArray()));
        locker.takeBack("id");
        for (String id : List.of("id", "other")) {
            Object answer = Json.read(new String(locker.answer("c1", id), StandardCharsets.US_ASCII));
            Check.that(Json.at(answer, "error") != null && !locker.wasGone(id), "there is a token");
        }
    }

    public void a_credential_that_fails_when_it_is_read_is_gone() {
        Locker locker = new Locker();
        locker.lend("id", new SecureString("x".toCharArray()) {
            @Override
            public void accessChars(java.util.function.Consumer<char[]> reader) {
                super.accessChars(reader);
                throw new IllegalStateException("closed");
            }
        });
        Object answer = Json.read(new String(locker.answer("c1", "id"), StandardCharsets.US_ASCII));
        Check.that(Json.at(answer, "error") != null && locker.wasGone("id"), "there is a token");
    }

    public void the_names_of_lockers_are_random() {
        Check.that(!new Locker().name.equals(new Locker().name), "they are equal");
    }

    public void a_credential_that_the_agent_has_closed_is_gone() throws Exception {
        SecureString secret = World.shared().secret();
        secret.close();
        Check.fails("credential.not_found: Connect: Azure DevOps requires the credential of the session, which the agent has removed "
                + "from its memory. Connect again with the credential.",
                () -> bot.run("connect", World.connect(new CredentialObject(secret), World.shared().url)));
    }

    public void a_credential_that_the_agent_closed_after_connect_is_gone_when_the_service_refuses_the_token() throws Exception {
        try (Gate gate = new Gate(World.shared().url, "none")) {
            SecureString secret = World.shared().secret();
            AzureDevOpsSession session = World.session(bot.run("connect", World.connect(new CredentialObject(secret), gate.url())));
            Map<String, Value> list = World.parameters("session", session);
            gate.refuses = true;
            secret.close();
            Check.fails("credential.not_found: List repositories: Azure DevOps requires the credential of the session, which the agent "
                    + "has removed from its memory. Connect again with the credential.", () -> bot.run("listRepositories", list));
            session.close();
        }
    }

    public void a_plain_text_is_accepted_and_warned_about_without_its_source() throws Exception {
        LogManager.LINES.clear();
        World.session(bot.run("connect", World.connect(new StringValue(World.shared().text()), World.shared().url))).close();
        Check.equal(List.of("WARN Connect: the token is a plain text; keep it in a credential"), LogManager.LINES);
    }

    public void the_text_of_a_session_shows_no_handle() throws Exception {
        Value<?> connected = bot.run("connect", World.shared().connect());
        AzureDevOpsSession session = World.session(connected);
        Check.equal("Azure DevOps session (open, " + World.shared().url + ", Fabrikam)", session.toString());
        session.close();
        Check.equal("Azure DevOps session (closed, " + World.shared().url + ", Fabrikam)", session.toString());
    }

    /** A token in the spellings in which a program may write it. */
    private static List<byte[]> spellings(String token) {
        List<byte[]> spellings = new ArrayList<>();
        for (java.nio.charset.Charset one : List.of(StandardCharsets.ISO_8859_1, StandardCharsets.UTF_16BE, StandardCharsets.UTF_16LE)) {
            spellings.add(token.getBytes(one));
        }
        for (int shift = 0; shift < 3; shift++) {
            byte[] shifted = (":".repeat(shift) + token).getBytes(StandardCharsets.US_ASCII);
            String encoded = java.util.Base64.getEncoder().encodeToString(shifted);
            spellings.add(encoded.substring(4, token.length() / 3 * 4).getBytes(StandardCharsets.US_ASCII));
        }
        // As it is sent to the sidecar; its end, since the next line may overwrite the begin of a buffer.
        StringBuilder escaped = new StringBuilder();
        token.substring(token.length() - 8).chars().forEach(one -> escaped.append(String.format("\\u%04x", one)));
        spellings.add(escaped.toString().getBytes(StandardCharsets.US_ASCII));
        return spellings;
    }

    static int found(byte[] where, String token) {
        int found = 0;
        for (byte[] sought : spellings(token)) {
            for (int at = 0; at + sought.length <= where.length; at++) {
                int same = 0;
                while (same < sought.length && where[at + same] == sought[same]) {
                    same++;
                }
                found += same == sought.length ? 1 : 0;
            }
        }
        return found;
    }

    /** Runs a bot in a JVM of its own, and returns what it wrote, what its processes were started with, and its heap. */
    private static Map<String, byte[]> canary(String how) throws Exception {
        Path folder = Files.createTempDirectory(World.FOLDER, "canary");
        World.options("--allow-loopback-http --log trace");
        Process bot = Victim.start("canary", how, World.shared().url, folder.toString());
        try (OutputStream in = bot.getOutputStream()) {
            in.write(World.shared().text().getBytes(StandardCharsets.US_ASCII));
        }
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        Thread reading = new Thread(() -> {
            try {
                bot.getErrorStream().transferTo(errors);
            } catch (java.io.IOException e) {
                throw new AssertionError(e);
            }
        });
        reading.start();
        byte[] output = bot.getInputStream().readAllBytes();
        reading.join();
        Check.that(bot.waitFor() == 0, errors.toString(StandardCharsets.UTF_8));
        Map<String, byte[]> written = new java.util.TreeMap<>(Map.of("output", output, "errors", errors.toByteArray()));
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).collect(Collectors.toList())) {
                written.put(file.getFileName().toString(), Files.readAllBytes(file));
            }
        }
        Check.has(errors.toString(StandardCharsets.UTF_8), "TRACE");
        Check.has(new String(output, StandardCharsets.UTF_8), "resource.conflict");
        return written;
    }

    public void a_credential_is_nowhere_in_what_is_written_nor_in_the_heap_afterwards() throws Exception {
        Map<String, byte[]> written = canary("credential");
        Check.that(written.keySet().containsAll(List.of("heap.hprof", "cmdline", "environ")), "all is there: " + written.keySet());
        written.forEach((name, bytes) -> Check.equal(name + ": 0", name + ": " + found(bytes, World.peekToken())));
    }

    /** Shows that the search finds a token, and what the README says about plain texts. */
    public void a_plain_text_is_in_the_heap_and_in_nothing_that_is_written() throws Exception {
        Map<String, byte[]> written = canary("text");
        Check.that(found(written.remove("heap.hprof"), World.peekToken()) > 0, "the search finds nothing");
        written.forEach((name, bytes) -> Check.equal(name + ": 0", name + ": " + found(bytes, World.peekToken())));
    }
}
