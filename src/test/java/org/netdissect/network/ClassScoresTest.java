package org.netdissect.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.netdissect.base.Failures;
import org.netdissect.base.RunException;

class ClassScoresTest {
    @Test
    void softmaxByHand() {
        float ln3 = (float) Math.log(3);
        List<ClassScores.Ranked> top = ClassScores.top(new float[] {0, ln3, -200}, 2);
        assertEquals(List.of(1, 0), top.stream().map(ClassScores.Ranked::index).toList());
        assertEquals(0.75, top.get(0).probability(), 1e-7);
        assertEquals(0.25, top.get(1).probability(), 1e-7);
    }

    /** exp(1e30) is infinite, but the softmax is finite. */
    @Test
    void hugeScoresAndTies() {
        List<ClassScores.Ranked> top = ClassScores.top(new float[] {-1e30f, 1e30f, 1e30f}, 10);
        assertEquals(
                List.of(new ClassScores.Ranked(1, 0.5), new ClassScores.Ranked(2, 0.5), new ClassScores.Ranked(0, 0)),
                top);
    }

    @Test
    void probabilitiesStayAsTheyAre() {
        List<ClassScores.Ranked> top = ClassScores.top(new float[] {0.25f, 0.5f, 0.25f}, 1);
        assertEquals(List.of(new ClassScores.Ranked(1, 0.5)), top);
        // the sum is 1, but these are not probabilities
        assertEquals(
                Math.exp(2) / (Math.exp(2) + Math.exp(-1)),
                ClassScores.top(new float[] {2, -1}, 1).get(0).probability(),
                1e-12);
    }

    @Test
    void scoresHaveToBeFinite() {
        String message = Failures.message(RunException.class, () -> ClassScores.top(new float[] {1, Float.NaN}, 1));
        assertTrue(message.contains("NaN"), message);
    }
}
