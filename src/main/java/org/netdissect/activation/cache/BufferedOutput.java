package org.netdissect.activation.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Future;

/** Output through the operating system's page cache. */
final class BufferedOutput implements SpanOutput {
    private final LayerFile file;
    private long position;

    BufferedOutput(LayerFile file, int firstImage) {
        this.file = file;
        this.position = file.position(firstImage);
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
        int count = bytes.remaining();
        file.write(position, bytes);
        position += count;
    }

    @Override
    public List<Future<?>> end() {
        return List.of();
    }
}
