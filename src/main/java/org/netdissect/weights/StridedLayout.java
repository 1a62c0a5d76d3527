package org.netdissect.weights;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Places of a tensor's numbers in a storage, in numbers.
 *
 * @param sizes greatest dimension first
 * @param strides by dimension; 0 repeats the same numbers
 */
record StridedLayout(List<Long> sizes, List<Long> strides, long offset) {
    /** Copies the lists. */
    StridedLayout {
        sizes = List.copyOf(sizes);
        strides = List.copyOf(strides);
    }

    /** The layout in C order. */
    static StridedLayout contiguous(List<Long> sizes, long offset) {
        List<Long> strides = new ArrayList<>(sizes);
        long stride = 1;
        for (int i = sizes.size() - 1; i >= 0; i--) {
            strides.set(i, stride);
            stride *= Math.max(1, sizes.get(i));
        }
        return new StridedLayout(sizes, strides, offset);
    }

    /**
     * Says why these places are not all in a storage; empty if they are. The other methods need such a layout.
     *
     * @param capacity numbers in the storage
     * @param width bytes of a number
     */
    Optional<String> problem(long capacity, int width) {
        if (sizes.size() != strides.size()) {
            return Optional.of("has " + sizes.size() + " sizes but " + strides.size() + " strides");
        } else if (sizes.stream().anyMatch(size -> size < 0)) {
            return Optional.of("has a negative size, " + sizes);
        } else if (strides.stream().anyMatch(stride -> stride < 0)) {
            return Optional.of("has a negative stride, " + strides);
        } else if (offset < 0) {
            return Optional.of("has a negative offset, " + offset);
        }
        try {
            long bytes = width;
            // zeros last, so that the product of the other sizes is checked, too
            for (long size : sizes) {
                bytes = Math.multiplyExact(bytes, Math.max(1, size));
            }
            if (!sizes.contains(0L) && Math.addExact(offset, span()) > capacity) {
                return Optional.of("reaches past the end of its storage of " + capacity + " numbers: sizes " + sizes
                        + ", strides " + strides + ", offset " + offset);
            }
        } catch (ArithmeticException e) {
            return Optional.of("has sizes beyond 64 bits: " + sizes + ", strides " + strides);
        }
        return Optional.empty();
    }

    /** Number of numbers. */
    long count() {
        return sizes.stream().reduce(1L, (a, b) -> a * b);
    }

    /** Numbers from the first to the last place. */
    long span() {
        if (sizes.contains(0L)) {
            return 0;
        }
        long last = 0;
        for (int i = 0; i < sizes.size(); i++) {
            last = Math.addExact(last, Math.multiplyExact(sizes.get(i) - 1, strides.get(i)));
        }
        return Math.addExact(last, 1);
    }

    /** Whether the numbers lie in C order without gaps. */
    boolean isContiguous() {
        long expected = 1;
        for (int i = sizes.size() - 1; i >= 0; i--) {
            if (sizes.get(i) == 0) {
                return true;
            }
            if (sizes.get(i) != 1 && strides.get(i) != expected) {
                return false;
            }
            expected *= sizes.get(i);
        }
        return true;
    }
}
