package com.automationanywhere.toolchain.runtime.session;

import java.io.Closeable;

/** A stub: what this package uses of the agent's type. */
public interface CloseableSessionObject extends Closeable {
    boolean isClosed();
}
