package azdobot.runtime;

import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.util.Arrays;
import java.util.List;

/** The settings of the sidecar: the agent's proxy, and no password in the arguments. */
final class SettingsTest {
    /** Settings as an agent may have them; the class is not public, as in an agent. */
    private static final class Named {
        public String getHost() {
            return "proxy.contoso.example";
        }

        public int getPort() {
            return 8080;
        }

        public String getUsername() {
            return "bot@contoso";
        }

        public char[] getPassword() {
            return "a b:c/é".toCharArray();
        }
    }

    private static final class Selecting {
        public ProxySelector getProxySelector() {
            return ProxySelector.of(InetSocketAddress.createUnresolved("proxy.contoso.example", 3128));
        }
    }

    private static final class Empty {
        public String getHost() {
            return "";
        }

        public Integer getPort() {
            return 0;
        }
    }

    public void the_agents_proxy_is_read() {
        Check.equal("http://bot%40contoso:a%20b%3Ac%2F%C3%A9@proxy.contoso.example:8080", Settings.proxy(new Named()));
        Check.equal("http://proxy.contoso.example:3128", Settings.proxy(new Selecting()));
        for (Object none : Arrays.asList(null, new Empty(), new Object())) {
            Check.equal(null, Settings.proxy(none));
        }
    }

    public void a_proxy_is_not_in_the_arguments() throws Exception {
        Settings settings = new Settings("http://me:hidden@proxy.contoso.example:8080");
        Check.that(!settings.arguments.toString().contains("hidden"), "the password is in the arguments");
        Check.that(settings.environment.containsValue("http://me:hidden@proxy.contoso.example:8080"), "it is in the environment");
    }

    public void the_sidecar_uses_the_agents_proxy() throws Exception {
        if (!World.DRIVE.isEmpty()) {
            throw new Check.Skipped("Wine does not verify certificates, so that no https request is made");
        }
        World.restart();
        FakeAgent bot = new FakeAgent();
        bot.proxy = new Object() {
            public String getHost() {
                return "127.0.0.1";
            }

            public int getPort() {
                return 9;
            }
        };
        try {
            String failure = Check.failure(() -> bot.run("connect",
                    World.connect(World.parameters("a", "ab".repeat(26)).get("a"), "https://dev.azure.com/fabrikam")));
            Check.has(failure, "network.failed: ");
            Check.that(World.process(World.bridge()).info().arguments().map(List::of).toString().contains("A360_AGENT_PROXY"),
                    "the arguments name the variable");
        } finally {
            World.restart();
        }
    }
}
