package org.netdissect.baseline;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.netdissect.base.GridSize;
import org.netdissect.baseline.CountedRandom.Use;

/**
 * Pairs the masks of images with the labels of others. Images of one kind hold the same categories on label grids of
 * one size. They are put in random order and cut into blocks; within a block the masks of image i are paired with the
 * labels of image i + shift + 1, cyclically. Blocks are assigned at random to groups, and a draw is a shift for each
 * group: a permutation of all images within their kind that leaves none in its place. Only the labels of one block are
 * needed at a time, and all draws are sums of the same few counts.
 */
final class Pairing {
    /** Least number of images of a block, unless its kind has fewer. */
    static final int BLOCK = 16;

    /** Greatest number of shifts of a group. */
    static final int SHIFTS = BLOCK - 1;

    /** Greatest number of groups that are shifted. */
    static final int GROUPS = 16;

    private final List<Group> groups;
    private final int unpaired;

    private record Kind(BitSet held, GridSize grid) {}

    /**
     * Blocks that are shifted together.
     *
     * @param shifts number of different shifts; 1 for images that are alone of their kind and keep their labels
     */
    record Group(List<int[]> blocks, int shifts) {}

    private Pairing(List<Group> groups, int unpaired) {
        this.groups = List.copyOf(groups);
        this.unpaired = unpaired;
    }

    /** Pairs images 0, 1, 2 and so on. */
    static Pairing of(List<BitSet> held, List<GridSize> grids, long seed) {
        return of(IntStream.range(0, held.size()).toArray(), held, grids, seed);
    }

    /**
     * Pairs images.
     *
     * @param images positions of the images
     * @param held categories of each image
     * @param grids label grid of each image
     */
    static Pairing of(int[] images, List<BitSet> held, List<GridSize> grids, long seed) {
        Map<Kind, List<Integer>> kinds = new LinkedHashMap<>();
        for (int i = 0; i < images.length; i++) {
            kinds.computeIfAbsent(new Kind(held.get(i), grids.get(i)), kind -> new ArrayList<>())
                    .add(images[i]);
        }
        List<int[]> blocks = new ArrayList<>();
        List<int[]> alone = new ArrayList<>();
        for (List<Integer> kind : kinds.values()) {
            (kind.size() == 1 ? alone : blocks).addAll(cut(shuffled(kind, new CountedRandom(seed, Use.ORDER))));
        }
        List<Group> groups = deal(blocks, new CountedRandom(seed, Use.GROUP));
        if (!alone.isEmpty()) {
            groups.add(new Group(alone, 1));
        }
        return new Pairing(groups, alone.size());
    }

    private static List<Integer> shuffled(Collection<Integer> images, CountedRandom random) {
        return images.stream()
                .sorted(Comparator.comparingLong((Integer image) -> random.bits(image, 0))
                        .thenComparingInt(image -> image))
                .toList();
    }

    /** Cuts images into blocks of {@link #BLOCK} or a few more, as even as possible; fewer images give one block. */
    private static List<int[]> cut(List<Integer> images) {
        int count = Math.max(1, images.size() / BLOCK);
        List<int[]> blocks = new ArrayList<>();
        for (int block = 0; block < count; block++) {
            int from = (int) ((long) images.size() * block / count);
            int until = (int) ((long) images.size() * (block + 1) / count);
            blocks.add(images.subList(from, until).stream()
                    .mapToInt(Integer::intValue)
                    .toArray());
        }
        return blocks;
    }

    private static List<Group> deal(List<int[]> blocks, CountedRandom random) {
        List<int[]> order = new ArrayList<>(blocks);
        order.sort(Comparator.comparingLong((int[] block) -> random.bits(block[0], 0))
                .thenComparingInt(block -> block[0]));
        int count = Math.min(GROUPS, order.size());
        List<Group> groups = new ArrayList<>();
        for (int group = 0; group < count; group++) {
            List<int[]> dealt = new ArrayList<>();
            int shifts = 1;
            for (int i = group; i < order.size(); i += count) {
                dealt.add(order.get(i));
                shifts = Math.max(shifts, Math.min(SHIFTS, order.get(i).length - 1));
            }
            groups.add(new Group(dealt, shifts));
        }
        return groups;
    }

    /**
     * Position of the image whose labels are paired with the masks of image {@code place}, in a block of {@code size}
     * images.
     */
    static int partner(int place, int size, int shift) {
        return size == 1 ? place : (place + shift % (size - 1) + 1) % size;
    }

    List<Group> groups() {
        return groups;
    }

    /** Number of images. */
    int images() {
        return groups.stream()
                .flatMap(group -> group.blocks().stream())
                .mapToInt(block -> block.length)
                .sum();
    }

    /** Number of images alone of their kind. */
    int unpaired() {
        return unpaired;
    }

    /** Number of different draws, at most {@code most}; 0 if all images keep their labels. */
    int arrangements(int most) {
        boolean paired = false;
        long product = 1;
        for (Group group : groups) {
            paired |= group.blocks().get(0).length > 1;
            product = Math.min(most, product * group.shifts());
        }
        return paired ? (int) product : 0;
    }
}
