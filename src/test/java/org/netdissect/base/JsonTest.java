package org.netdissect.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against Jackson's own mapper, which {@link Json} stands in for. */
class JsonTest {
    private static final ObjectMapper MAPPER = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private enum Kind {
        SOME_KIND {
            @Override
            public String toString() {
                return "another text";
            }
        },
        PLAIN
    }

    private record Inner(int number, @Nullable String text, List<Integer> map) {
        @JsonProperty
        public boolean whole() {
            return number > 0;
        }
    }

    private record Outer(Inner inner, Map<String, Inner> byName, Kind kind, double share, float small, long many) {}

    private static final Inner INNER =
            new Inner(3, "a \"quoted\" \u0001 \u00e9 \ud83d\ude00 </script> \u2028", List.of());

    @Test
    void recordsAreWrittenAsTheMapperWritesThem() throws IOException {
        Map<String, Inner> byName = new LinkedHashMap<>();
        byName.put("first, of \"two\"", INNER);
        byName.put("", new Inner(-1, null, List.of(1, 2, 3)));
        assertSame(new Outer(INNER, byName, Kind.SOME_KIND, 0.1, 0.1f, Long.MIN_VALUE));
        assertSame(new Outer(INNER, Map.of(), Kind.PLAIN, Double.NaN, Float.NEGATIVE_INFINITY, 0));
    }

    @Test
    void valuesAreWrittenAsTheMapperWritesThem() throws IOException {
        for (Object value : Arrays.asList(
                null,
                "",
                "text",
                true,
                -7,
                1L << 40,
                1e300,
                -0.0,
                4.9e-324,
                3.4028235e38f,
                new BigDecimal("0.0050"),
                new BigDecimal("1E+3"),
                BigInteger.TWO.pow(80),
                List.of(),
                Map.of(),
                List.of(List.of(), Map.of("a", List.of(Map.of())), "b"))) {
            assertSame(value);
        }
    }

    @Test
    void randomTreesAreWrittenAndReadAsByTheMapper() throws IOException {
        Random random = new Random(5);
        for (int i = 0; i < 300; i++) {
            Object value = random(random, 5);
            assertSame(value);
            byte[] document = MAPPER.writeValueAsBytes(value);
            assertEquals(MAPPER.readTree(document), Json.read(document));
            assertSame(Json.read(document));
            assertEquals(MAPPER.readTree(document), Json.tree(value));
        }
    }

    private static @Nullable Object random(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 8 : 6)) {
            case 0 -> null;
            case 1 -> random.nextBoolean();
            case 2 -> random.nextInt();
            case 3 -> random.nextLong() >> random.nextInt(64);
            case 4 -> Double.longBitsToDouble(random.nextLong() & ~(1L << 62));
            case 5 -> {
                byte[] letters = new byte[random.nextInt(6)];
                random.nextBytes(letters);
                yield new String(letters, StandardCharsets.ISO_8859_1);
            }
            case 6 -> {
                List<@Nullable Object> list = new ArrayList<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    list.add(random(random, depth - 1));
                }
                yield list;
            }
            default -> {
                Map<String, @Nullable Object> map = new LinkedHashMap<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    map.put("key " + i, random(random, depth - 1));
                }
                yield map;
            }
        };
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                " [1, 2.50, 1e400, -0, 123456789012345678901234567890, null, true, \"\\u00e9\"] ",
                "\"x\"",
                "3"
            })
    void documentsAreReadAsTheMapperReadsThem(String document) throws IOException {
        assertEquals(MAPPER.readTree(document), read(document));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "[1",
                "{\"a\"}",
                "{\"a\":}",
                "[1,]",
                "nul",
                "NaN",
                "'a'",
                "{} {}",
                "1 2",
                "{}x",
                "\u0000"
            })
    void whatIsNoDocumentIsRefused(String document) {
        assertThrows(JsonProcessingException.class, () -> read(document));
    }

    @Test
    void depthIsBounded() {
        assertThrows(JsonProcessingException.class, () -> read("[".repeat(100_000)));
    }

    @Test
    void aMarkOfByteOrderIsSkipped() throws IOException {
        assertEquals(read("[1]"), read("\uFEFF[1]"));
    }

    @Test
    void whatHasNoJsonIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Json.text(List.of(new Object())));
    }

    private static JsonNode read(String document) throws IOException {
        return Json.read(document.getBytes(StandardCharsets.UTF_8));
    }

    private static void assertSame(@Nullable Object value) throws IOException {
        assertEquals(MAPPER.writeValueAsString(value), Json.text(value));
    }
}
