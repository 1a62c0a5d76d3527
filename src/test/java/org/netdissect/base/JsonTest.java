package org.netdissect.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    private enum Kind {
        SOME_KIND {
            @Override
            public String toString() {
                return "another text";
            }
        }
    }

    record Inner(int number, @Nullable String text, List<Integer> map) {
        @JsonProperty
        public boolean whole() {
            return isPositive();
        }

        public boolean isPositive() {
            return number > 0;
        }
    }

    private record Outer(
            Inner inner, Map<String, Object> byName, Kind kind, double share, float small, BigDecimal fraction) {}

    private record Stored(int images, String layer, List<String> checksums) {}

    @Test
    void recordsAreWrittenInOrderWithTheirMarkedMethods() {
        Map<String, Object> byName = new LinkedHashMap<>();
        byName.put("b", List.of());
        byName.put("a", 1L << 40);
        Inner inner = new Inner(3, "a \"quoted\" \u0001 \u00e9", List.of(1, 2));
        assertEquals("""
                {
                  "inner" : {
                    "number" : 3,
                    "text" : "a \\"quoted\\" \\u0001 \u00e9",
                    "map" : [ 1, 2 ],
                    "whole" : true
                  },
                  "byName" : {
                    "b" : [ ],
                    "a" : 1099511627776
                  },
                  "kind" : "SOME_KIND",
                  "share" : 1.0E-4,
                  "small" : 0.1,
                  "fraction" : 0.0050
                }""", Json.text(new Outer(inner, byName, Kind.SOME_KIND, 1e-4, 0.1f, new BigDecimal("0.0050"))));
    }

    @Test
    void aTreeIsWhatReadingTheTextGives() throws IOException {
        Inner inner = new Inner(-1, null, List.of());
        assertEquals(read(Json.text(inner)), Json.tree(inner));
        assertEquals(read("3"), Json.tree(3L));
    }

    @Test
    void aRecordIsReadStrictly() throws IOException {
        assertEquals(
                new Stored(4, "fire9", List.of("0a")),
                stored("{\"images\": 4, \"layer\": \"fire9\", \"checksums\": [\"0a\"]}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"images\": 4, \"layer\": \"fire9\"}",
                "{\"images\": 4, \"layer\": null, \"checksums\": []}",
                "{\"images\": 4.5, \"layer\": \"fire9\", \"checksums\": []}",
                "{\"images\": \"4\", \"layer\": \"fire9\", \"checksums\": []}",
                "{\"images\": 4, \"layer\": [], \"checksums\": []}",
                "{\"images\": 4, \"layer\": \"fire9\", \"checksums\": \"0a\"}",
                "{\"images\": 4, \"layer\": \"fire9\", \"checksums\": [], \"more\": 1}",
                "{\"images\": 99999999999, \"layer\": \"fire9\", \"checksums\": []}",
                "[]",
                "4"
            })
    void anotherRecordIsRefused(String document) {
        assertThrows(JsonProcessingException.class, () -> stored(document));
    }

    private static Stored stored(String document) throws IOException {
        return Json.read(document.getBytes(StandardCharsets.UTF_8), Stored.class);
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
}
