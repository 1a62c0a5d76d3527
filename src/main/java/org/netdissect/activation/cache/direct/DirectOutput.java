package org.netdissect.activation.cache.direct;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Future;
import org.netdissect.base.Workers;

/**
 * Cuts the bytes of one span where blocks of the file begin, and hands the pieces to a {@link DirectWriter}. All pieces
 * but the first and the last are whole blocks, which no other span has a byte of.
 *
 * <p>A buffer of less than one block keeps the bytes after the last whole block, so that batches are joined and no
 * buffer of the writer is held between them.
 */
final class DirectOutput implements SpanOutput {
    private final DirectWriter writer;
    private final DirectFile file;
    private final int block;
    /** Bytes from {@code position} on, fewer than a block. */
    private final ByteBuffer pending;

    private final Queue<Future<?>> writes = new ArrayDeque<>();
    /** Position in the file; the writer has all bytes before it. */
    private long position;

    /** Starts an output at {@code position} of the file, which may be inside a block. */
    DirectOutput(DirectWriter writer, DirectFile file, long position, int block) {
        this.writer = writer;
        this.file = file;
        this.position = position;
        this.block = block;
        this.pending = ByteBuffer.allocate(block);
    }

    /** Takes the next bytes; throws an earlier write's failure once it is known. */
    @Override
    public void write(ByteBuffer bytes) throws IOException {
        while (!writes.isEmpty() && writes.element().isDone()) {
            Workers.get(writes.remove());
        }
        long end = position + pending.position() + bytes.remaining();
        long lastBlock = end - end % block;
        while (position < lastBlock) {
            long toBlock = block - position % block;
            hand(bytes, toBlock < block ? toBlock : Math.min(lastBlock - position, DirectWriter.BUFFER_BYTES));
        }
        pending.put(bytes);
    }

    /** Passes {@code count} bytes to the writer: first the kept ones, then those of {@code bytes}. */
    private void hand(ByteBuffer bytes, long count) {
        ByteBuffer staged = writer.take();
        staged.put(pending.flip());
        pending.clear();
        int taken = Math.toIntExact(count) - staged.position();
        staged.put(bytes.slice(bytes.position(), taken));
        bytes.position(bytes.position() + taken);
        writes.add(writer.write(file, position, staged.flip()));
        position += count;
    }

    @Override
    public List<Future<?>> end() {
        if (pending.position() > 0) {
            hand(ByteBuffer.allocate(0), pending.position());
        }
        return List.copyOf(writes);
    }
}
