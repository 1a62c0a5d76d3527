package org.netdissect.result;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.netdissect.base.InputException;

class RequirementTest {
    private static LayerSummary summary(String layer, int detectors, int unique) {
        LayerSummary.RuleCounts counts = new LayerSummary.RuleCounts(
                detectors, unique, Map.of("object", new LayerSummary.CategoryCounts(detectors - 1, unique - 1)));
        return new LayerSummary(
                1,
                layer,
                100,
                List.of(7, 7),
                10,
                LayerSummary.ThresholdSource.of("0.005", 0),
                0.04,
                "half-pixel",
                "",
                null,
                "top-label",
                Map.of("top-label", counts),
                List.of(),
                "upper",
                null,
                null,
                null,
                null,
                null);
    }

    @ParameterizedTest
    @CsvSource({
        "detectors>=5,0", "detectors>5,1", "detectors<=5,1", "detectors<5,2", "detectors==5,1",
        "b:unique>=4,1", "a:unique >= 3,0", "unique-object<3,0", "detectors-object>=5,1", "x:y:detectors>4,0",
    })
    void countsLayersThatDoNotMeetIt(String text, int unmet) {
        List<LayerSummary> summaries = List.of(summary("a", 5, 3), summary("b", 6, 3));
        assertEquals(unmet, Requirement.parse(text).unmet(summaries).size());
    }

    @Test
    void theLineSaysWhatIsThere() {
        List<String> lines = Requirement.parse("a:unique>3").unmet(List.of(summary("a", 5, 3)));
        assertEquals(List.of("required a:unique>3, but a has unique 3"), lines);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "unique", "unique>=", "unique=>3", ">=3", "unique>=3.5", "unique>=x"})
    void malformedOnesAreRefused(String text) {
        assertThrows(InputException.class, () -> Requirement.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"c:unique>1", "uniques>1", "unique-sound>1", "object-unique>1"})
    void whatDoesNotExistIsRefusedBeforeTheRun(String text) {
        Requirement requirement = Requirement.parse(text);
        assertThrows(InputException.class, () -> requirement.check(List.of("a", "b"), List.of("object"), true));
    }

    @Test
    void whatIsSignificantHasToBeLookedFor() {
        Requirement requirement = Requirement.parse("a:significant>=4");
        requirement.check(List.of("a"), List.of("object"), true);
        String message = assertThrows(
                        InputException.class, () -> requirement.check(List.of("a"), List.of("object"), false))
                .getMessage();
        assertEquals(
                "--require 'a:significant>=4' with --baseline none: what is significant is not looked for; leave "
                        + "--baseline none out",
                message);
    }
}
