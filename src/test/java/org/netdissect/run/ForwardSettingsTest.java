package org.netdissect.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.netdissect.activation.Precision;
import org.netdissect.base.Failures;
import org.netdissect.base.GridSize;
import org.netdissect.base.InputException;
import org.netdissect.network.AxesSpec;
import org.netdissect.network.ChannelOrder;
import org.netdissect.network.MemoryFormat;
import org.netdissect.network.Preprocessing;

class ForwardSettingsTest {
    private static final Preprocessing RGB = Preprocessing.IMAGENET;
    private static final GridSize SIZE = new GridSize(224, 224);
    private static final MemoryFormat FAST = MemoryFormat.CHANNELS_LAST;
    private static final Precision FULL = Precision.FLOAT32;
    private static final Map<String, AxesSpec> NO_AXES = Map.of();

    private static Preprocessing with(ChannelOrder order, float scale, float mean, float std) {
        return new Preprocessing(order, scale, List.of(mean, 0.456f, 0.406f), List.of(std, 0.224f, 0.225f));
    }

    /** One record for each field that differs from the first. */
    @Test
    void everyFieldChangesTheKey() {
        List<ForwardSettings> settings = List.of(
                new ForwardSettings("model", false, null, "images", 10, RGB, SIZE, 4, FAST, "engine", FULL, NO_AXES),
                new ForwardSettings("model", true, null, "images", 10, RGB, SIZE, 4, FAST, "engine", FULL, NO_AXES),
                new ForwardSettings("other", false, null, "images", 10, RGB, SIZE, 4, FAST, "engine", FULL, NO_AXES),
                new ForwardSettings("model", false, null, "other", 10, RGB, SIZE, 4, FAST, "engine", FULL, NO_AXES),
                new ForwardSettings("model", false, null, "images", 11, RGB, SIZE, 4, FAST, "engine", FULL, NO_AXES),
                new ForwardSettings(
                        "model",
                        false,
                        null,
                        "images",
                        10,
                        with(ChannelOrder.BGR, 255, 0.485f, 0.229f),
                        SIZE,
                        4,
                        FAST,
                        "engine",
                        FULL,
                        NO_AXES),
                new ForwardSettings(
                        "model",
                        false,
                        null,
                        "images",
                        10,
                        with(ChannelOrder.RGB, 1, 0.485f, 0.229f),
                        SIZE,
                        4,
                        FAST,
                        "engine",
                        FULL,
                        NO_AXES),
                new ForwardSettings(
                        "model",
                        false,
                        null,
                        "images",
                        10,
                        with(ChannelOrder.RGB, 255, 0.5f, 0.229f),
                        SIZE,
                        4,
                        FAST,
                        "engine",
                        FULL,
                        NO_AXES),
                new ForwardSettings(
                        "model",
                        false,
                        null,
                        "images",
                        10,
                        with(ChannelOrder.RGB, 255, 0.485f, 0.5f),
                        SIZE,
                        4,
                        FAST,
                        "engine",
                        FULL,
                        NO_AXES),
                new ForwardSettings(
                        "model",
                        false,
                        null,
                        "images",
                        10,
                        RGB,
                        new GridSize(224, 227),
                        4,
                        FAST,
                        "engine",
                        FULL,
                        NO_AXES),
                new ForwardSettings(
                        "model",
                        false,
                        null,
                        "images",
                        10,
                        RGB,
                        SIZE,
                        4,
                        MemoryFormat.CONTIGUOUS,
                        "engine",
                        FULL,
                        NO_AXES),
                new ForwardSettings("model", false, null, "images", 10, RGB, SIZE, 8, FAST, "engine", FULL, NO_AXES),
                new ForwardSettings("model", false, null, "images", 10, RGB, SIZE, 4, FAST, "other", FULL, NO_AXES),
                new ForwardSettings(
                        "model", false, null, "images", 10, RGB, SIZE, 4, FAST, "engine", Precision.FLOAT16, NO_AXES),
                new ForwardSettings(
                        "model",
                        false,
                        null,
                        "images",
                        10,
                        RGB,
                        SIZE,
                        4,
                        FAST,
                        "engine",
                        FULL,
                        Map.of("a", AxesSpec.parse("nyxu"))));
        Set<String> keys = new HashSet<>();
        settings.forEach(each -> keys.add(each.identity().key()));
        assertEquals(settings.size(), keys.size());
        assertEquals(
                settings.get(0).identity().key(),
                new ForwardSettings(
                                "model",
                                false,
                                null,
                                "images",
                                10,
                                with(ChannelOrder.RGB, 255, 0.485f, 0.229f),
                                SIZE,
                                4,
                                FAST,
                                "engine",
                                FULL,
                                NO_AXES)
                        .identity()
                        .key());
    }

    @Test
    void readBackFromItsFields() {
        ForwardSettings odd = new ForwardSettings(
                "m",
                true,
                null,
                "i",
                30,
                with(ChannelOrder.BGR, 1, 105.5f, 0.1f),
                new GridSize(3, 500),
                7,
                MemoryFormat.CONTIGUOUS,
                "engine 1 (x) cpu",
                Precision.FLOAT16,
                Map.of("a\n= .0", AxesSpec.parse("ntu,drop=0..2+-1,grid=3x5"), "b", AxesSpec.parse("nyxu")));
        assertEquals(odd, ForwardSettings.of(odd.identity().fields()));
        ForwardSettings usual =
                new ForwardSettings("model", false, null, "images", 10, RGB, SIZE, 4, FAST, "engine", FULL, NO_AXES);
        assertEquals(usual, ForwardSettings.of(usual.identity().fields()));
    }

    @Test
    void fieldsThatAreMissingOrWrongAreNamed() {
        ForwardSettings usual =
                new ForwardSettings("model", false, null, "images", 10, RGB, SIZE, 4, FAST, "engine", FULL, NO_AXES);
        for (String field : usual.identity().fields().keySet()) {
            Map<String, String> fields = new TreeMap<>(usual.identity().fields());
            fields.remove(field);
            if (!field.equals("format")) {
                String message = Failures.message(InputException.class, () -> ForwardSettings.of(fields));
                assertEquals("no " + field, message);
            }
        }
        Map<String, String> wrong = Map.of(
                "batch", "four", "input-size", "224", "mean", "[1, x, 2]", "channels", "GBR", "precision", "float64");
        wrong.forEach((field, value) -> {
            Map<String, String> fields = new TreeMap<>(usual.identity().fields());
            fields.put(field, value);
            assertEquals(
                    field + " is '" + value + "'",
                    Failures.message(InputException.class, () -> ForwardSettings.of(fields)));
        });
    }
}
