package azdobot.runtime;

import com.automationanywhere.botcommand.data.Value;
import com.automationanywhere.botcommand.data.impl.BooleanValue;
import com.automationanywhere.botcommand.data.impl.DictionaryValue;
import com.automationanywhere.botcommand.data.impl.ListValue;
import com.automationanywhere.botcommand.data.impl.NumberValue;
import com.automationanywhere.botcommand.data.impl.StringValue;
import com.automationanywhere.core.security.SecureString;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Values of a bot as inputs and outputs of actions. */
final class ValuesTest {
    static ListValue<Object> list(Object... elements) {
        ListValue<Object> list = new ListValue<>();
        list.set(Arrays.asList(elements));
        return list;
    }

    public void values_of_every_type_are_sent() throws Exception {
        Value<?> nested = new DictionaryValue(Map.of("list", list(new NumberValue(5.0), new BooleanValue(true), "plain", null)));
        Check.equal(Map.of("list", Arrays.asList(5L, true, "plain", null)), Values.toJson(nested));
        Check.equal(5L, Values.toJson(5.0));
        Check.equal(5.5, Values.toJson(5.5));
        Check.equal(1e300, Values.toJson(1e300));
        Check.equal("2026-11-29T10:00+01:00", Values.toJson(ZonedDateTime.parse("2026-11-29T10:00+01:00[Europe/Berlin]")));
    }

    public void outputs_of_every_type_are_returned() {
        DictionaryValue value = (DictionaryValue) Values.fromJson(Json.read("{\"a\":[1,2.5,true,\"x\",null,{\"b\":{}}]}"));
        List<?> list = (List<?>) value.get().get("a").get();
        Check.equal(Arrays.asList(1.0, 2.5, true, "x", ""),
                Arrays.asList(list.stream().limit(5).map(one -> ((Value<?>) one).get()).toArray()));
        Check.equal(DictionaryValue.class, list.get(5).getClass());
    }

    /** An action that is never sent, because one of its fields is wrong. */
    private static void refused(String type, Value<?> value, String reason) {
        Action action = new Action("example", "Example", false, Returns.NOTHING) {};
        action.field("given", "What is given", type);
        Check.fails("input.invalid: Example: the field \"What is given\" has " + reason
                + ". Correct the field, or convert its variable before this action.",
                () -> action.execute(null, World.parameters("given", value), Map.of()));
    }

    public void a_wrong_type_is_named_by_the_label_of_its_field() {
        refused("TEXT", new NumberValue(1), "a number instead of a text");
        refused("TEXTAREA", list(), "a list instead of a text");
        refused("SELECT", new BooleanValue(true), "true or false instead of a text");
        refused("FILE", new DictionaryValue(Map.of()), "a dictionary instead of a text");
        refused("NUMBER", new StringValue("5"), "a text instead of a number");
        refused("CHECKBOX", new StringValue("true"), "a text instead of true or false");
        refused("BOOLEAN", new NumberValue(1), "a number instead of true or false");
        refused("LIST", new StringValue("a"), "a text instead of a list");
        refused("DICTIONARY", list(), "a list instead of a dictionary");
        refused("CREDENTIAL", new NumberValue(1), "a number instead of a credential");
        refused("NUMBER", new NumberValue(Double.NaN), "a number that is not finite");
        refused("TEXT", new StringValue("\ud83d"), "a text with half of a surrogate pair");
    }

    public void a_wrong_type_inside_a_list_or_dictionary_is_refused() {
        refused("LIST", list(new Value<Thread>() {
            @Override
            public Thread get() {
                return Thread.currentThread();
            }
        }), "a value of the type Thread");
        refused("DICTIONARY", new DictionaryValue(Map.of("token", new Value<SecureString>() {
            @Override
            public SecureString get() {
                return new SecureString(new char[] {'x'});
            }
        })), "a credential");
        refused("DICTIONARY", new DictionaryValue(Map.of("a", list(new StringValue("\udc00")))), "a text with half of a surrogate pair");
    }

    public void empty_fields_are_left_out() throws Exception {
        FakeAgent bot = new FakeAgent();
        Value<?> session = bot.run("connect", World.shared().connect());
        Map<String, Value> parameters = World.parameters("session", World.session(session), "limit", new NumberValue(0) {
            @Override
            public Double get() {
                return null;
            }
        }, "name", new StringValue(""), "repository", new StringValue("site"));
        parameters.put("search", null);
        Check.equal("site", ((DictionaryValue) bot.run("getRepository", parameters)).get().get("name").get());
        Check.equal(1, ((List<?>) bot.run("listRepositories", parameters).get()).size());
        World.session(session).close();
    }
}
