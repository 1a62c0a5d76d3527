package org.netdissect.weights;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Bytes of a file from an offset on.
 *
 * @param start offset in the file
 */
record FileBytes(Path file, long start, long size, ByteOrder order) implements TensorBytes {
    @Override
    public InputStream open(long from) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        channel.position(start + from);
        return Channels.newInputStream(channel);
    }
}
