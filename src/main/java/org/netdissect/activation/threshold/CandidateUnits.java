package org.netdissect.activation.threshold;

import java.util.Arrays;

/**
 * {@link CandidateMaps} of some neighbouring units. Written by one thread at a time, image by image and within an image unit
 * by unit; read by any once all is written.
 */
final class CandidateUnits {
    /** Stored ints before the first compaction. */
    private static final int FIRST_LOOK = BlockPool.INTS;

    private static final int NOT_THERE = -1;

    private final CandidateMaps whole;
    private final int firstUnit;
    /** [units] cells above it are kept */
    private final float[] bound;
    /** [images] where its record begins in the store */
    private final long[] start;
    /** [images] how long its record is, or {@link #NOT_THERE} */
    private final int[] length;

    private final CandidateCells cells;
    private IntStore store;
    private long nextLook = FIRST_LOOK;

    CandidateUnits(CandidateMaps whole, int firstUnit, int units) {
        this.whole = whole;
        this.firstUnit = firstUnit;
        this.bound = new float[units];
        this.start = new long[whole.shape().images()];
        this.length = new int[start.length];
        this.cells = new CandidateCells(whole.shape().map());
        this.store = new IntStore(whole.pool());
        Arrays.fill(bound, Float.NEGATIVE_INFINITY);
        Arrays.fill(length, NOT_THERE);
    }

    boolean wants(int image) {
        return image >= whole.firstImage();
    }

    /** Starts an image. */
    void begin() {
        cells.begin(whole.hasGreatest() ? 2 * bound.length : bound.length);
    }

    /**
     * Adds a map.
     *
     * @param counts false says that no value of it is above {@code least}
     * @param least cells above it are kept; not less than for the unit's maps before
     */
    void add(int unit, float[] values, boolean counts, float least) {
        int own = unit - firstUnit;
        bound[own] = least;
        write(own, values, counts, whole.hasGreatest() ? greatest(values) : Float.NEGATIVE_INFINITY);
    }

    /** A record is: where each unit's cells begin in it, 0 for none; each unit's greatest value, if wanted; cells. */
    private void write(int own, float[] values, boolean counts, float greatest) {
        int begin = counts ? cells.add(values, bound[own]) : 0;
        cells.ints()[own] = begin;
        if (whole.hasGreatest()) {
            cells.ints()[bound.length + own] = Float.floatToRawIntBits(greatest);
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
        if (whole.isDropped()) {
            store.clear();
            return;
        }
        put(image);
        if (store.size() > nextLook) {
            look();
        }
    }

    private void put(int image) {
        start[image] = store.size();
        length[image] = cells.size();
        if (!store.append(cells.ints(), cells.size())) {
            whole.drop();
        }
    }

    /** Drops cells that risen bounds have ruled out. */
    private void look() {
        IntStore old = store;
        store = new IntStore(whole.pool());
        int[] record = new int[0];
        float[] map = new float[whole.shape().map().cells()];
        for (int image = 0; image < length.length; image++) {
            if (length[image] != NOT_THERE) {
                record = record.length < length[image] ? new int[length[image]] : record;
                old.read(start[image], record, length[image]);
                begin();
                for (int own = 0; own < bound.length; own++) {
                    if (record[own] != 0) {
                        Arrays.fill(map, Float.NEGATIVE_INFINITY);
                        CandidateCells.read(
                                record, record[own], whole.shape().map().width(), map);
                    }
                    write(own, map, record[own] != 0, greatest(record, own));
                }
                put(image);
            }
        }
        old.clear();
        nextLook = Math.max(FIRST_LOOK, 2 * store.size());
    }

    private float greatest(int[] record, int own) {
        return whole.hasGreatest() ? Float.intBitsToFloat(record[bound.length + own]) : Float.NEGATIVE_INFINITY;
    }

    /** Whether every requested image is stored. */
    boolean isComplete() {
        return Arrays.stream(length, whole.firstImage(), length.length).allMatch(one -> one != NOT_THERE);
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
        int own = unit - firstUnit;
        return record[own] == 0 ? greatest(record, own) : Float.POSITIVE_INFINITY;
    }

    /** Takes a map out of a record; see {@link CandidateMaps}. */
    void map(int[] record, int unit, float[] target) {
        int own = unit - firstUnit;
        if (record[own] == 0) {
            Arrays.fill(target, greatest(record, own));
        } else {
            Arrays.fill(target, Float.NEGATIVE_INFINITY);
            CandidateCells.read(record, record[own], whole.shape().map().width(), target);
        }
    }
}
