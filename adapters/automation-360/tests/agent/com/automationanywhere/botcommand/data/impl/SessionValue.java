package com.automationanywhere.botcommand.data.impl;

import com.automationanywhere.toolchain.runtime.session.CloseableSessionObject;

/** A fake: the agent's type with this name, as far as its behaviour is known. */
public class SessionValue extends StringValue {
    private CloseableSessionObject session;

    public SessionValue(String name) {
        super(name);
    }

    public static Builder builder() {
        return new Builder();
    }

    public boolean hasObjectValue() {
        return session != null;
    }

    public CloseableSessionObject getSession() {
        return session;
    }

    /** Its name is not documented, so nothing is compiled against it. */
    public static class Builder {
        private final SessionValue value = new SessionValue(null);

        public Builder withSessionObject(CloseableSessionObject session) {
            value.session = session;
            return this;
        }

        public SessionValue build() {
            return value;
        }
    }
}
