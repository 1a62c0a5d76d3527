package org.netdissect.activation.threshold;

import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A list of ints that grows by blocks of a {@link BlockPool}. */
final class IntStore {
    private final BlockPool pool;
    private final List<IntBuffer> blocks = new ArrayList<>();
    private long size;

    IntStore(BlockPool pool) {
        this.pool = pool;
    }

    long size() {
        return size;
    }

    /** Appends {@code ints[0 .. count-1]}; returns false if the pool has no room, after appending some or none. */
    boolean append(int[] ints, int count) {
        for (int done = 0; done < count; ) {
            int inBlock = (int) (size % BlockPool.INTS);
            if (inBlock == 0) {
                Optional<IntBuffer> block = pool.take();
                if (block.isEmpty()) {
                    return false;
                }
                blocks.add(block.get());
            }
            int length = Math.min(count - done, BlockPool.INTS - inBlock);
            blocks.get(blocks.size() - 1).put(inBlock, ints, done, length);
            done += length;
            size += length;
        }
        return true;
    }

    /** Reads {@code count} ints that begin at {@code from}. */
    void read(long from, int[] target, int count) {
        for (int done = 0; done < count; ) {
            int inBlock = (int) ((from + done) % BlockPool.INTS);
            int length = Math.min(count - done, BlockPool.INTS - inBlock);
            blocks.get((int) ((from + done) / BlockPool.INTS)).get(inBlock, target, done, length);
            done += length;
        }
    }

    /** Returns all blocks to the pool. */
    void clear() {
        blocks.forEach(pool::giveBack);
        blocks.clear();
        size = 0;
    }
}
