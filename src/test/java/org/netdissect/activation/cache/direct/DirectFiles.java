package org.netdissect.activation.cache.direct;

import java.nio.channels.FileChannel;

/** Direct access with blocks of any size, over a channel that need not be direct. */
public final class DirectFiles {
    private DirectFiles() {}

    /** A file whose whole blocks go to {@code direct}. */
    public static DirectFile file(DirectWriter writer, FileChannel buffered, FileChannel direct, int block) {
        return new DirectFile(writer, buffered, new DirectChannel(direct, block));
    }

    /** An input that reads blocks from {@code direct}. */
    public static DirectInput input(FileChannel buffered, FileChannel direct, int block) {
        return new DirectInput(buffered, new DirectChannel(direct, block));
    }
}
