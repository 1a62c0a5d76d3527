package org.netdissect.activation.cache.direct;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Future;

/** Output for the bytes of one span of a file, in order, for one thread. */
@FunctionalInterface
public interface SpanOutput {
    /** Takes the next bytes, from position to limit; the caller may change them afterwards. */
    void write(ByteBuffer bytes) throws IOException;

    /**
     * Ends the output after the last byte.
     *
     * @return writes that may not have ended; each throws the {@link IOException} it met
     */
    default List<Future<?>> end() {
        return List.of();
    }
}
