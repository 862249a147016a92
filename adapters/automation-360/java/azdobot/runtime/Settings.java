package azdobot.runtime;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How the sidecar is started. The operator's file is that of the machine: neither a bot nor its user names another. */
final class Settings {
    /** Not a name that begins with AZDO_, which a bot may name as the place of a token. */
    private static final String PROXY = "A360_AGENT_PROXY";

    final List<String> arguments = new ArrayList<>(List.of("serve", "--log", "warn"));
    final Map<String, String> environment;

    Settings(String proxy) throws IOException {
        // Bots read and write files in this folder, unless the operator's file names others.
        Path folder = Program.folder(Path.of(System.getProperty("user.home"), "azdo-bot"));
        // The agent keeps no trace of a session whose name another one took. It is closed when it was idle for so long.
        arguments.addAll(List.of("--folder", folder.toString(), "--idle-limit", "24h"));
        if (proxy != null) {
            // All users of the machine see arguments, and the URL may have a password.
            arguments.addAll(List.of("--proxy", "env:" + PROXY));
        }
        environment = proxy == null ? Map.of() : Map.of(PROXY, proxy);
    }

    /**
     * The URL of the agent's proxy; null if it has none. The type of the agent's settings is not documented, so they
     * are read by the usual names. This was never tried with a real agent.
     */
    static String proxy(Object settings) {
        Object host = Agent.first(settings, "getHost", "getProxyHost", "getHostName");
        Object port = Agent.first(settings, "getPort", "getProxyPort");
        Object selector = Agent.first(settings, "getProxySelector");
        if (selector instanceof ProxySelector) {
            for (Proxy proxy : ((ProxySelector) selector).select(URI.create("https://dev.azure.com"))) {
                if (proxy.type() == Proxy.Type.HTTP) {
                    host = ((InetSocketAddress) proxy.address()).getHostString();
                    port = ((InetSocketAddress) proxy.address()).getPort();
                }
            }
        }
        Object user = Agent.first(settings, "getUsername", "getUserName", "getProxyUsername");
        Object password = Agent.first(settings, "getPassword", "getProxyPassword");
        String login = user == null || password == null ? "" : encoded(user) + ":" + encoded(password) + "@";
        return host == null || host.equals("") || port == null ? null : "http://" + login + host + ":" + port;
    }

    private static String encoded(Object text) {
        String plain = text instanceof char[] ? String.valueOf((char[]) text) : text.toString();
        return URLEncoder.encode(plain, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
