package org.netdissect.activation;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Blocks of memory outside of Java's heap, where data that lives long is never copied by the garbage collector; so many at
 * most, used again and again. Thread-safe.
 */
public final class BlockPool {
    static final int INTS = 1 << 16;
    /** Blocks are got so many at a time: small ones would lie between those that the engine takes and gives back. */
    private static final int AT_ONCE = 128;

    private final Deque<IntBuffer> free = new ArrayDeque<>();
    private long unmade;

    /** A pool of {@code bytes} at most. */
    public BlockPool(long bytes) {
        this.unmade = bytes / (INTS * (long) Integer.BYTES);
    }

    /** A block of {@link #INTS}, or nothing where all are in use. */
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
