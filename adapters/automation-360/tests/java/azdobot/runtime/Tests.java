package azdobot.runtime;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Runs the tests: every method without parameters of these classes whose name contains the argument. */
public final class Tests {
    private static final List<Class<?>> CLASSES = List.of(JsonTest.class, ValuesTest.class, ProgramTest.class,
            SettingsTest.class, PolicyTest.class, SessionsTest.class, SecretsTest.class, SidecarTest.class, LoadersTest.class, RunTreeTest.class, ExamplesTest.class);

    private Tests() {}

    public static void main(String[] arguments) throws Exception {
        String filter = arguments.length == 0 ? "" : arguments[0];
        int failed = 0;
        int passed = 0;
        for (Class<?> type : CLASSES) {
            Method[] methods = type.getDeclaredMethods();
            Arrays.sort(methods, Comparator.comparing(Method::getName));
            for (Method method : methods) {
                String name = type.getSimpleName() + "." + method.getName();
                if (method.getParameterCount() > 0 || method.isSynthetic() || !java.lang.reflect.Modifier.isPublic(method.getModifiers())
                        || !name.contains(filter)) {
                    continue;
                }
                long start = System.nanoTime();
                try {
                    World.options("--allow-loopback-http");
                    method.invoke(type.getDeclaredConstructor().newInstance());
                    passed++;
                    System.out.printf("ok      %s (%d ms)%n", name, (System.nanoTime() - start) / 1_000_000);
                } catch (InvocationTargetException e) {
                    if (e.getCause() instanceof Check.Skipped) {
                        System.out.println("skipped " + name + ": " + e.getCause().getMessage());
                        continue;
                    }
                    failed++;
                    System.out.println("FAILED  " + name);
                    e.getCause().printStackTrace(System.out);
                }
            }
        }
        System.out.println(passed + " passed, " + failed + " failed");
        System.exit(failed == 0 && passed > 0 ? 0 : 1);
    }
}
