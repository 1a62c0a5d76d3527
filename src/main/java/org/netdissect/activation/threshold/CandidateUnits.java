package org.netdissect.activation.threshold;

import java.util.Arrays;

/**
 * {@link CandidateMaps} of neighbouring units. One thread at a time writes them, image by image and within an image
 * unit by unit; any number of threads read them afterwards.
 *
 * <p>The record of an image holds: the start of each unit's {@link CandidateCells} in the record, 0 for none; each
 * unit's greatest value if {@link CandidateMaps#hasGreatest}; the cells.
 */
final class CandidateUnits {
    /** Stored ints before the first compaction. */
    private static final int FIRST_COMPACTION = BlockPool.INTS;

    private static final int MISSING = -1;

    private final CandidateMaps layer;
    private final int firstUnit;
    /** [units] lower bound of the cells kept */
    private final float[] bound;
    /** [images] start of the record in the store */
    private final long[] start;
    /** [images] length of the record in ints, or {@link #MISSING} */
    private final int[] length;

    private final CandidateCells cells;
    private IntStore store;
    private long nextCompaction = FIRST_COMPACTION;

    CandidateUnits(CandidateMaps layer, int firstUnit, int units) {
        this.layer = layer;
        this.firstUnit = firstUnit;
        this.bound = new float[units];
        this.start = new long[layer.shape().images()];
        this.length = new int[start.length];
        this.cells = new CandidateCells(layer.shape().map());
        this.store = new IntStore(layer.pool());
        Arrays.fill(bound, Float.NEGATIVE_INFINITY);
        Arrays.fill(length, MISSING);
    }

    /** Whether the candidates of an image are kept. */
    boolean includes(int image) {
        return image >= layer.firstImage();
    }

    /** Starts an image. */
    void begin() {
        cells.begin(layer.hasGreatest() ? 2 * bound.length : bound.length);
    }

    /**
     * Adds a map.
     *
     * @param hasCandidates whether some value may be above {@code newBound}
     * @param newBound lower bound of the cells kept; never falls from one map of a unit to the next
     */
    void add(int unit, float[] values, boolean hasCandidates, float newBound) {
        int index = unit - firstUnit;
        bound[index] = newBound;
        write(index, values, hasCandidates, layer.hasGreatest() ? greatest(values) : Float.NEGATIVE_INFINITY);
    }

    private void write(int index, float[] values, boolean hasCandidates, float greatest) {
        int at = hasCandidates ? cells.add(values, bound[index]) : 0;
        cells.ints()[index] = at;
        if (layer.hasGreatest()) {
            cells.ints()[bound.length + index] = Float.floatToRawIntBits(greatest);
        }
    }

    /** Greatest value; {@link Math#max} is slower since it orders zeros by sign. */
    private static float greatest(float[] values) {
        float greatest = Float.NEGATIVE_INFINITY;
        for (float value : values) {
            if (value > greatest) {
                greatest = value;
            }
        }
        return greatest == 0 ? zero(values) : greatest;
    }

    private static float zero(float[] values) {
        for (float value : values) {
            if (Float.floatToRawIntBits(value) == 0) {
                return 0f;
            }
        }
        return -0f;
    }

    /** Ends an image. */
    void end(int image) {
        if (layer.isDropped()) {
            store.clear();
            return;
        }
        put(image);
        if (store.size() > nextCompaction) {
            compact();
        }
    }

    private void put(int image) {
        start[image] = store.size();
        length[image] = cells.size();
        if (!store.append(cells.ints(), cells.size())) {
            layer.drop();
        }
    }

    /** Drops cells that are no longer above the bound. */
    private void compact() {
        IntStore old = store;
        store = new IntStore(layer.pool());
        int[] record = new int[0];
        float[] map = new float[layer.shape().map().cells()];
        for (int image = 0; image < length.length; image++) {
            if (length[image] != MISSING) {
                record = record.length < length[image] ? new int[length[image]] : record;
                old.read(start[image], record, length[image]);
                begin();
                for (int index = 0; index < bound.length; index++) {
                    if (record[index] != 0) {
                        Arrays.fill(map, Float.NEGATIVE_INFINITY);
                        CandidateCells.read(
                                record, record[index], layer.shape().map().width(), map);
                    }
                    write(index, map, record[index] != 0, greatest(record, index));
                }
                put(image);
            }
        }
        old.clear();
        nextCompaction = Math.max(FIRST_COMPACTION, 2 * store.size());
    }

    private float greatest(int[] record, int index) {
        return layer.hasGreatest() ? Float.intBitsToFloat(record[bound.length + index]) : Float.NEGATIVE_INFINITY;
    }

    /** Whether every requested image is stored. */
    boolean isComplete() {
        return Arrays.stream(length, layer.firstImage(), length.length).allMatch(each -> each != MISSING);
    }

    float bound(int unit) {
        return bound[unit - firstUnit];
    }

    int length(int image) {
        return length[image];
    }

    /** Reads an image's record into {@code [0 .. length-1]}. */
    void read(int image, int[] record) {
        store.read(start[image], record, length[image]);
    }

    /** Upper bound of a map's values in a record. */
    float limit(int[] record, int unit) {
        int index = unit - firstUnit;
        return record[index] == 0 ? greatest(record, index) : Float.POSITIVE_INFINITY;
    }

    /** Decodes a map from a record; see {@link CandidateMaps} for cells that were not kept. */
    void decode(int[] record, int unit, float[] target) {
        int index = unit - firstUnit;
        if (record[index] == 0) {
            Arrays.fill(target, greatest(record, index));
        } else {
            Arrays.fill(target, Float.NEGATIVE_INFINITY);
            CandidateCells.read(record, record[index], layer.shape().map().width(), target);
        }
    }
}
