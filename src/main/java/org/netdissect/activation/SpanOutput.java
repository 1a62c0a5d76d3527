package org.netdissect.activation;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Future;

/** Where the bytes of one span go, from its start on. For one thread. */
interface SpanOutput {
    /** Takes the next bytes, from position to limit; the caller may change them afterwards. */
    void write(ByteBuffer bytes) throws IOException;

    /**
     * After the last byte.
     *
     * @return writes that are not known to have ended; each gives the {@link IOException} it met
     */
    List<Future<?>> end() throws IOException;
}
