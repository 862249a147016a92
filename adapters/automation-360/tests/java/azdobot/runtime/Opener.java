package azdobot.runtime;

import com.automationanywhere.botcommand.data.Value;
import com.automationanywhere.botcommand.data.impl.CredentialObject;
import com.automationanywhere.botcommand.data.impl.SessionValue;
import com.automationanywhere.botcommand.data.impl.StringValue;
import com.automationanywhere.core.security.SecureString;
import java.util.Map;

/**
 * A bot in a JVM of a run tree: its Connect gives the session a name for other processes, and it works through the session
 * of another JVM. Its arguments are both names and the URL of the organization.
 */
public final class Opener {
    private Opener() {}

    public static void main(String[] arguments) {
        String own = arguments[0];
        String other = arguments[1];
        FakeAgent bot = new FakeAgent();
        // As from the vault: nothing but this JVM has the token.
        Value<?> token = new CredentialObject(new SecureString(System.getenv("AZDO_PAT").toCharArray()));
        Map<String, Value> connect = World.connect(token, arguments[2]);
        connect.put("runTreeName", new StringValue(own));
        // The agent has a name of its own for it.
        bot.local("Default", bot.run("connect", connect));
        while (!isOpen(bot, other)) {
            Thread.yield();
        }
        bot.run("createRepository", World.parameters("session", new SessionValue(other), "name", "opener-" + own));
        System.out.println(own + " works through " + other);
        while (!Member.repositories(bot, new SessionValue("Default")).contains("opener-" + other)) {
            Thread.yield();
        }
        // One of both closes first, and the other one sees it.
        if (own.equals("one")) {
            bot.endAll();
        } else {
            while (isOpen(bot, other)) {
                Thread.yield();
            }
            System.out.println(Check.failure(() -> Member.repositories(bot, new SessionValue(other))));
        }
        System.exit(0);
    }

    private static boolean isOpen(FakeAgent bot, String name) {
        Value<?> checked = bot.run("checkSession", World.parameters("session", new SessionValue(name)));
        return (Boolean) ((Value<?>) ((Map<?, ?>) checked.get()).get("open")).get();
    }
}
