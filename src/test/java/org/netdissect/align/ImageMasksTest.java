package org.netdissect.align;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.netdissect.activation.ActivationBlock;
import org.netdissect.activation.Negated;
import org.netdissect.activation.Precision;
import org.netdissect.activation.Thresholds;
import org.netdissect.base.GridSize;
import org.netdissect.base.Tail;

class ImageMasksTest {
    private static List<ActiveUnit> active(
            GridSize map, GridSize grid, float[] thresholds, ActiveUnit.Order order, float... values) {
        return active(map, grid, thresholds, order, Comparison.ABOVE, values);
    }

    private static List<ActiveUnit> active(
            GridSize map,
            GridSize grid,
            float[] thresholds,
            ActiveUnit.Order order,
            Comparison comparison,
            float... values) {
        return active(Tail.UPPER, map, grid, thresholds, order, comparison, values);
    }

    private static List<ActiveUnit> active(
            Tail tail,
            GridSize map,
            GridSize grid,
            float[] thresholds,
            ActiveUnit.Order order,
            Comparison comparison,
            float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            bytes.putFloat(value);
        }
        ActivationBlock block = ActivationBlock.computed(0, 1, thresholds.length, map, Precision.FLOAT32, bytes.flip());
        Thresholds own = new Thresholds(thresholds);
        if (tail == Tail.UPPER) {
            MaskRule rule = new MaskRule(own, NodePlacement.HALF_PIXEL, comparison);
            return new ImageMasks(grid, rule).activeUnits(block, 0, order);
        }
        MaskRule rule = new MaskRule(own.negated(), NodePlacement.HALF_PIXEL, comparison);
        List<ActiveUnit> found = new ImageMasks(grid, rule).activeUnits(Negated.of(block), 0, order);
        return found.stream().map(ActiveUnit::negated).toList();
    }

    private static List<Integer> units(List<ActiveUnit> active) {
        return active.stream().map(ActiveUnit::unit).toList();
    }

    @Test
    void masksAreThoseOfTheKernelAndUnitsWithoutOneAreLeftOut() {
        GridSize grid = new GridSize(4, 4);
        float[] thresholds = {2, 4, 3.9f};
        float[] maps = {0, 0, 4, 0, 0, 0, 4, 0, 0, 0, 4, 0};
        List<ActiveUnit> active = active(new GridSize(2, 2), grid, thresholds, ActiveUnit.Order.AREA, maps);
        assertEquals(List.of(0, 2), units(active), "4 is not greater than 4");
        assertEquals(4, active.get(0).mask().size());
        assertEquals(new Box(0, 2, 2, 2), MaskGeometry.bounds(active.get(0).mask()));
        assertEquals(new Box(0, 3, 1, 1), MaskGeometry.bounds(active.get(1).mask()));
        assertEquals(4, active.get(0).peak());
        assertEquals(2, active.get(0).peakRatio().orElseThrow());
    }

    @Test
    void theComparisonIsTheRuns() {
        GridSize map = new GridSize(1, 2);
        float[] thresholds = {4, 5};
        float[] maps = {4, 0, 4, 0};
        ActiveUnit.Order order = ActiveUnit.Order.AREA;
        assertEquals(List.of(), units(active(map, map, thresholds, order, Comparison.ABOVE, maps)));
        List<ActiveUnit> atLeast = active(map, map, thresholds, order, Comparison.AT_LEAST, maps);
        assertEquals(List.of(0), units(atLeast));
        assertEquals(1, atLeast.get(0).mask().size());
        assertEquals(1, atLeast.get(0).peakRatio().orElseThrow());
    }

    /** Maps of one cell cover all or nothing: units are ordered by the peak's ratio, or without one by number. */
    @Test
    void orderOfFullyConnectedUnits() {
        GridSize one = new GridSize(1, 1);
        float[] thresholds = {1, 0, -5, 1, 2, 3, 0.5f};
        float[] values = {2, 9, -1, 3, 4, 3, 1.5f};
        for (ActiveUnit.Order order : ActiveUnit.Order.values()) {
            List<ActiveUnit> active = active(one, new GridSize(3, 2), thresholds, order, values);
            assertEquals(List.of(3, 6, 0, 4, 1, 2), units(active), order.toString());
            assertTrue(active.stream().allMatch(unit -> unit.area() == 1));
            assertTrue(active.get(4).peakRatio().isEmpty()
                    && active.get(5).peakRatio().isEmpty());
        }
    }

    @Test
    void theLowerTailIsTheUpperOneOfTheNegatedMaps() {
        GridSize map = new GridSize(2, 2);
        GridSize grid = new GridSize(4, 4);
        float[] thresholds = {-2, -3.9f, 1, Float.NEGATIVE_INFINITY};
        float[] maps = {0, 0, -4, 0, 0, 0, -4, 0, 0, 5, 5, 5, -9, -9, -9, -9};
        List<ActiveUnit> active =
                active(Tail.LOWER, map, grid, thresholds, ActiveUnit.Order.PEAK, Comparison.AT_LEAST, maps);
        assertEquals(List.of(0, 1, 2), units(active), "no value is below negative infinity");
        assertEquals(new Box(0, 2, 2, 2), MaskGeometry.bounds(active.get(0).mask()));
        assertEquals(-4, active.get(0).peak());
        assertEquals(-2, active.get(0).threshold());
        assertEquals(2, active.get(0).peakRatio().orElseThrow());
        assertTrue(active.get(2).peakRatio().isEmpty(), "0 is no multiple of 1");
    }

    @Test
    void areaAndPeakAreDifferentOrders() {
        GridSize map = new GridSize(1, 2);
        float[] thresholds = {1, 1, -1};
        float[] maps = {1.5f, 1.5f, 0, 9, -0.5f, -2};
        GridSize grid = new GridSize(1, 2);
        assertEquals(List.of(0, 1, 2), units(active(map, grid, thresholds, ActiveUnit.Order.AREA, maps)));
        assertEquals(List.of(1, 0, 2), units(active(map, grid, thresholds, ActiveUnit.Order.PEAK, maps)));
    }
}
