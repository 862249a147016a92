package com.automationanywhere.toolchain.runtime.session;

import java.io.Closeable;

/** A fake: the agent's type with this name, as far as its behaviour is known. */
public interface CloseableSessionObject extends Closeable {
    boolean isClosed();
}
