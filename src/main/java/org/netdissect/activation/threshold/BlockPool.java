package org.netdissect.activation.threshold;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Bounded pool of reusable memory blocks outside the heap, where the garbage collector never copies long-lived data.
 * Thread-safe.
 */
public final class BlockPool {
    static final int INTS = 1 << 16;
    /** Blocks per allocation: single small blocks would fragment the memory that the engine takes and frees. */
    private static final int AT_ONCE = 128;

    private final Deque<IntBuffer> free = new ArrayDeque<>();
    private long unmade;

    /** Makes a pool of at most {@code bytes} bytes. */
    public BlockPool(long bytes) {
        this.unmade = bytes / (INTS * (long) Integer.BYTES);
    }

    /** Takes a block of {@link #INTS} ints; nothing if all are in use. */
    synchronized Optional<IntBuffer> take() {
        if (free.isEmpty()) {
            make((int) Math.min(AT_ONCE, unmade));
        }
        return Optional.ofNullable(free.poll());
    }

    private void make(int blocks) {
        IntBuffer ints = ByteBuffer.allocateDirect(blocks * INTS * Integer.BYTES)
                .order(ByteOrder.nativeOrder())
                .asIntBuffer();
        for (int i = 0; i < blocks; i++) {
            free.add(ints.slice(i * INTS, INTS));
        }
        unmade -= blocks;
    }

    synchronized void giveBack(IntBuffer block) {
        free.push(block);
    }
}
