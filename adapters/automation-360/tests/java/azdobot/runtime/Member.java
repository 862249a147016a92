package azdobot.runtime;

import com.automationanywhere.botcommand.data.Value;
import com.automationanywhere.botcommand.data.impl.SessionValue;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A bot in a JVM of a run tree: it creates a repository, waits until it sees another one, and prints that. */
public final class Member {
    private Member() {}

    public static void main(String[] names) {
        FakeAgent bot = new FakeAgent();
        SessionValue session = new SessionValue("Default");
        bot.run("createRepository", World.parameters("session", session, "name", names[0]));
        while (!repositories(bot, session).contains(names[1])) {
            Thread.yield();
        }
        System.out.println(names[0] + " sees " + names[1]);
        Value<?> checked = bot.run("checkSession", World.parameters("session", new SessionValue("Other")));
        System.out.println("Other is open: " + ((Value<?>) ((Map<?, ?>) checked.get()).get("open")).get());
        System.out.println(Check.failure(() -> repositories(bot, new SessionValue("Other"))));
        System.exit(0);
    }

    static List<Object> repositories(FakeAgent bot, SessionValue session) {
        List<?> listed = (List<?>) bot.run("listRepositories", World.parameters("session", session)).get();
        return listed.stream().map(one -> ((Value<?>) ((Map<?, ?>) ((Value<?>) one).get()).get("name")).get())
                .collect(Collectors.toList());
    }
}
