package azdobot.runtime;

import com.automationanywhere.botcommand.data.impl.SessionValue;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;

/** The agent may load a package more than once. */
final class LoadersTest {
    /** Loads the package itself, and the agent's classes as the tests do. */
    private static final class Package extends URLClassLoader {
        Package() throws Exception {
            super(new URL[] {Path.of(System.getProperty("test.jar")).toUri().toURL()}, LoadersTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : name.startsWith("azdobot.") ? findClass(name) : super.loadClass(name, resolve);
        }
    }

    public void each_loader_has_a_sidecar_and_a_session_of_another_one_is_named() throws Exception {
        FakeAgent parent = new FakeAgent();
        parent.global("Shared", parent.run("connect", World.shared().connect()));
        try (Package other = new Package()) {
            FakeAgent child = parent.child(other);
            Check.fails("session.wrong_type: List repositories: the field \"Session\" has a session of another version of this package. "
                    + "Use the same version of the package in the parent and the child bot.",
                    () -> child.run("listRepositories", World.parameters("session", new SessionValue("Shared"))));
            child.local("Own", child.run("connect", World.shared().connect()));
            Check.that(!((List<?>) child.run("listRepositories", World.parameters("session", new SessionValue("Own"))).get()).isEmpty(),
                    "it lists nothing");
            Object bridge = World.peek(other.loadClass(Bridge.class.getName()), null, "current");
            Process sidecar = World.process(bridge);
            Check.that(sidecar.pid() != World.process(World.bridge()).pid(), "they share a sidecar");
            child.end();
            sidecar.destroyForcibly();
        }
        parent.endAll();
    }
}
